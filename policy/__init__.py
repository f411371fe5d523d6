"""The policy pack: what must hold of every stack, whoever wrote its stack file.

checks/* ─► catalog ─┬─► engine ─► __main__      what ``pulumi preview --policy-pack policy`` runs
                     └─► report                   what ``python -m local policy`` prints, and what tests ask

``model`` says what a policy is; ``levels`` and ``exemptions`` what becomes of what it finds, and ``enforcement`` reads
from a file how that is in an environment. ``reference`` writes the documentation. Only ``engine`` knows Pulumi's policy
SDK.
"""
