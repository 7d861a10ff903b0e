"""Attributes of products: twelve kinds of value with units and bounds, read and refused by one function."""
