"""The map of the house: from a desk's spreadsheets to the dated 商品日报.

Two waists, six rooms, one corridor. Files become Facts (`facts`), Facts become a Document (`document`). Six rooms have
no doors to one another; only the corridor, `pipeline`, knows their order:

    read      a file in one known layout -> facts, with the cell of each
    derive    facts -> facts: changes, ratios, spreads; one small function per indicator
    check     facts -> findings
    compose   facts and the analysts' views -> a document
    render    a document -> html, pdf, text
    deliver   archive, outbox, mail

Beside them: `frontpage`, `manuscript` and `longform` (a research note: its files, as written, its blocks), `catalog`
(what data/**/*.toml says), `scenarios` (what those of the Fed's runoff say), `sessions` (trading days), `history`
(facts kept between days), `database` (what it and the outbox are kept in), `workspace` (a desk's folders), `lookback`
(what history is asked), `intake` (files received), `addresses` (which may be printed), `errors`. `cli` is the door,
and thin; `telling` is what it prints.
"""

__version__ = "0.1.0"
