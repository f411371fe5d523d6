"""Pulumi component resources, one concern a file.

A component takes a frozen args object, prefixes its children with its own name, and registers nothing before its
arguments are known to be valid. Each file ends with ``provide``, which makes what a stack's settings ask for.
"""
