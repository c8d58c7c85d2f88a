"""deliver: what leaves the house. A `Publication` goes from the archive to the clients."""
