"""``docs/policies.md``, from the catalog."""

from collections.abc import Iterator

from policy.catalog import POLICIES
from policy.levels import default_level
from policy.model import Policy, ResourcePolicy

_HEAD = """\
# Policies

Generated from [policy](../policy) by `make docs`; do not edit.

A stack file can be sound and still say what nobody wants in production: no access log, a listener without TLS. The
policy pack says what must hold of every stack, whoever wrote its file. [Below](#all-policies) is what each policy asks
for, why, and what to write where it does not hold.

## Three ways to ask

**Without the Pulumi CLI**, on what the program would provision (`python` is `.venv/bin/python`, which `make up` and
`make check` make):

    python -m local policy --stack prod
    python -m local policy --stack prod --json

The levels are those of `policy/config/prod.json`, where there is such a file; `--policy-config FILE` names another, and
`--strict` makes every policy mandatory and exempts nothing. The exit status is 1 where a mandatory policy does not hold
and where the file of levels has problems. Every value is known here, for the laptop makes up what AWS would return.

**In the engine**, on what it is about to deploy:

    pulumi preview --policy-pack policy --policy-pack-config policy/config/prod.json

A mandatory violation ends the preview, and so `pulumi up`, which begins with one, changes nothing. An update that skips
its preview stops at a resource that violates a policy of resources, but policies of stacks are asked when everything
has been made: do not skip it.

**In unit tests**, on resources that are made up: a policy is a function of data, and
[tests/policy/cases](../tests/policy/cases) has good and bad resources for each.

## Levels

| level | a violation |
|---|---|
| `mandatory` | stops the deployment |
| `advisory` | is reported |
| `disabled` | is not looked for; the report names the policy |

Policies of high and critical severity are mandatory, others advisory, unless a file says otherwise. There is one for
each environment in [policy/config](../policy/config), in the form of the CLI's `--policy-pack-config`:

```json
{
  "all": "mandatory",
  "flow-logs": "disabled",
  "integration-tls": {
    "enforcementLevel": "advisory",
    "exemptions": [{"resource": "chat-*", "reason": "its backend gets a certificate in March"}]
  }
}
```

`all` is for the policies that the file does not name. Pulumi's fourth level, `remediate`, is refused: no policy of this
pack changes a resource.

`python -m local policy` names every problem of a file: a policy or a level that there is none of, with the one that was
probably meant, a key that stands there twice, an exemption without a reason. The CLI refuses an unknown level and an
exemption without a resource or a reason, but takes a policy that it does not know for one of another pack. Let the
former run first, as the workflows of this repository do.

## Exemptions

An exemption takes resources out of one policy. `resource` is the logical name of a resource, as the report has it, or a
pattern of it with `*`, `?` and `[…]`; what is wrong with the stack as a whole rather than with a resource is covered by
`*` alone. `reason` must say why. Where two cover the same, the first one counts.

Nothing that is exempt is hidden. `python -m local policy` lists it with its reason, and after that the exemptions that
cover nothing: what they were for has been mended, or their pattern is misspelt. The engine has no room for either in
its report of policies, so the pack prints both, and the CLI shows them among the diagnostics of the preview:

    listener-tls: chat is exempt (protocol must be TLS or HTTPS, got "TCP"): its certificate comes in March
    listener-tls: the exemption of "orders-*" covers nothing: it was replaced in May

In the protocol, the policy is "not applicable" to such a resource, with the same words. The pack has one more policy,
`exemptions`, which never fails: the engine asks it last, and it names the exemptions that cover nothing. (`all:
disabled` disables this one, too.) A configuration that is wrong and that the CLI let through is a violation of the
policy that it is for, and none of that policy's exemptions counts.

## What is not known before the deployment

In a preview, ids and ARNs of what is still to be made are not known. Policies follow what the engine knows in spite of
that, which resource a value comes from, so most of them can tell. Where one cannot, it says which property it waits
for, in the diagnostics and as "not applicable"; all other findings of the policy are reported. In the update that
follows, it can tell.

## Publishing

In Pulumi Cloud, a published pack can be required of all stacks of an organization. A pack is a folder; this one needs
`apigateway` in it, and what its [requirements.txt](../policy/requirements.txt) lists is installed wherever it runs:

    cp -r policy published && cp -r apigateway published/apigateway
    pulumi policy publish ORGANIZATION --cwd published
    rm -r published

Its version is in [PulumiPolicy.yaml](../policy/PulumiPolicy.yaml): raise it, for a version is published once.

## All policies

"Resource" means that the engine asks before the resource is made, "stack" that the policy needs several resources and
is asked when all are known.
"""


def policies_page() -> str:
    """Return the page: the prose, a table of all policies, and a section for each."""
    table = ["| policy | severity | what must hold | asked of |", "|---|---|---|---|"]
    table += [
        _row(f"[{one.id}](#{one.id})", one.severity, one.title, "resource" if _is_of_resources(one) else "stack")
        for one in POLICIES
    ]
    return "\n".join([_HEAD, *table, *(line for one in POLICIES for line in _section(one))]) + "\n"


def _section(policy: Policy) -> Iterator[str]:
    yield from (
        "",
        f"## {policy.id}",
        "",
        f"**{policy.title}** {policy.rationale}",
        "",
        f"*Remedy.* {policy.remedy}",
        "",
    )
    about = f"Severity {policy.severity}, {default_level(policy)} by default."
    if isinstance(policy, ResourcePolicy):
        about += f" Asked of {', '.join(f'`{type_}`' for type_ in sorted(policy.types))}."
    if policy.rule_sets:
        about += f" Corresponds to {', '.join(policy.rule_sets)}."
    yield about


def _is_of_resources(policy: Policy) -> bool:
    return isinstance(policy, ResourcePolicy)


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
