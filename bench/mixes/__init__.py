"""Mixes of songs one after the other and over each other: does `sonica scan` say what plays, and when?"""
