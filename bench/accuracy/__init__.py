"""How often Sonica is right, and how often it is wrong: query sets, answers, tables."""
