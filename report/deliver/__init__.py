"""deliver: what leaves the house. A `Publication` goes from the archive to the clients.

publication   the shape of what leaves
archive       published reports, kept whole and for good: lay, read
manifest      what the archive writes down of each
enclosures    what travels inside the PDF
signature     the house's signature on it (PAdES)
fixity        whether an archive still is what was laid into it
shelf, store  where an archive lies: a folder, or a store by its fsspec URL
letter        one recipient's letter, nearly all of it made once
outbox        which letter was sent to whom, in the database; ledger: what is stored; claims: who is at it
smtp          one connection to the relay (session), and what it says to a letter; credentials: user and password
dispatch      sending: connections, marks (marking), pace
settle        letters in doubt held against the relay's log
notice        a few words to the desk itself
"""
