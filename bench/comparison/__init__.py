"""The page that sets Sonica beside other systems, made from the results that are kept."""
