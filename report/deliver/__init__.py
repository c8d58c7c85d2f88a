"""deliver: what leaves the house. A `Publication` goes from the archive to the clients.

publication   the shape of what leaves
archive       published reports, kept whole and for good: lay, read
manifest      what the archive writes down of each
shelf         where an archive lies: a folder, or a store by its fsspec URL
"""
