"""What an identity needs to deploy a stack, as IAM policies: least privilege, by resource type.

    deployment ─► permissions ─► document ─► policies      (what is deployed, which grants, in what documents)
                       ▲
                       └─ api_gateway, balancing, domains, elsewhere, networking, observing, roles

    doubts     what is odd about what was asked for

It reads resource types, names and ARNs, and imports nothing of the program: ``__main__`` alone takes a recording.
"""
