"""Prose: every number of the views found, bound to its fact, and held against it.

vocabulary  data/prose.toml, checked, and the lexicon made of it
tokens      a passage -> words, figures, days, contracts, marks, each with its place
subject     what the words name: series of the catalogue, or something the house knows no fact of
reader      tokens -> claims: this figure is said to be that aspect of that series on that day
facts_of    what the day knows of a series: level, previous, change, ratio, on any day or against any base
compare     claim + facts -> agrees, contradicts or unbound
inner       a sentence's own arithmetic: level, change and percentage
judge       all of it over all views, once per evidence
findings, crosswise, stance    the checks C6xx made of the judgements
"""
