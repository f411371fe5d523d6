"""The rules of Amazon API Gateway as pure, typed Python: no Pulumi, no I/O.

Every rule names its origin (an AWS page or a service model) in the docstring of the module that holds it.
"""
