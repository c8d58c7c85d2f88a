"""Prose: every number of the views found, bound to its fact, and held against it.

vocabulary  data/prose.toml, checked, and the lexicon made of it
figures     a number as written: bounds, rounding, unit, scale, sign
tokens      a passage -> words, figures, days, contracts, marks, each with its place
subject     what the words name: series of the catalogue, or something the house knows no fact of
state, parts, gap    what each part of speech does to the running state of a passage
reader, bind    tokens -> claims: this figure is said to be that aspect of that series on that day
known       what the day knows of a series: level, change, on any day, against any base
units, compare    claim + facts -> agrees, contradicts or unbound
inner       a sentence's own arithmetic: level, change and percentage
judge       all of it over all views, once per evidence
coverage    how many numbers were found, bound and unbound
findings, crosswise, stance, style, punctuation    the checks made of it: C601-C611, C703-C707
"""
