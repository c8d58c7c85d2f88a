"""deliver: what leaves the house."""
