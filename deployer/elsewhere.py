"""What an API needs of services that belong to others: functions, hosted zones, web ACLs.

From the Service Authorization Reference of AWS Lambda, Amazon Route 53 and AWS WAF V2, and the Route 53 Developer
Guide, "Using IAM policy conditions for fine-grained access control" (how names of records are written).
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from deployer.deployment import Deployment, literal
from deployer.grants import Condition, Grant, Need, actions

_PERMISSION: Final = "aws:lambda/permission:Permission"
_RECORD: Final = "aws:route53/record:Record"
_WEB_ACL: Final = "aws:wafv2/webAclAssociation:WebAclAssociation"


def _permission(deployment: Deployment) -> Iterable[Grant]:
    """Need to let API Gateway, and nobody else, invoke functions; a version or an alias is a part of its function."""
    known = deployment.texts(_PERMISSION, "function")
    functions = tuple(literal(arn) for arn in known) or (deployment.arn("lambda", "function:*"),)
    resources = tuple(arn for function in functions for arn in ((function, f"{function}:*") if known else (function,)))
    yield Grant(
        group="elsewhere",
        purpose="FunctionsRead",
        actions=actions("lambda", "GetPolicy"),
        resources=resources,
        reads=True,
    )
    yield Grant(
        group="elsewhere",
        purpose="FunctionsLetIn",
        actions=actions("lambda", "AddPermission RemovePermission"),
        resources=resources,
        condition={"StringEquals": {"lambda:Principal": ("apigateway.amazonaws.com",)}},
    )


def _record(deployment: Deployment) -> Iterable[Grant]:
    """Need to write the records of the stack's domains, and no others of their zones."""
    zones = tuple(
        deployment.arn("route53", f"hostedzone/{zone}", region=False, account=False)
        for zone in deployment.texts(_RECORD, "zoneId") or ("*",)
    )
    yield Grant(
        group="elsewhere",
        purpose="ZonesRead",
        actions=actions("route53", "GetHostedZone ListResourceRecordSets"),
        resources=zones,
        reads=True,
    )
    yield Grant(
        group="elsewhere",
        purpose="ZonesChanges",
        actions=actions("route53", "GetChange"),
        resources=(deployment.arn("route53", "change/*", region=False, account=False),),
    )
    yield Grant(
        group="elsewhere",
        purpose="ZonesRecords",
        actions=actions("route53", "ChangeResourceRecordSets"),
        resources=zones,
        condition=_of_records(deployment.texts(_RECORD, "name")),
    )


def _of_records(names: tuple[str, ...]) -> Condition:
    known = {"route53:ChangeResourceRecordSetsNormalizedRecordNames": tuple(sorted(map(_normalized, names)))}
    return {
        "ForAllValues:StringEquals": {
            **(known if names else {}),
            "route53:ChangeResourceRecordSetsRecordTypes": ("A", "AAAA"),
        }
    }


def _normalized(name: str) -> str:
    """Write the name of a record as Route 53 compares it: other letters than a name's as three octal digits."""
    return re.sub(r"[^a-z0-9_.-]", lambda letter: f"\\{ord(letter[0]):03o}", name.lower().removesuffix("."))


def _web_acl(deployment: Deployment) -> Iterable[Grant]:
    """Need both sides of an association: the ACL, and the stage that it is to protect."""
    stages = deployment.arn("apigateway", "/restapis/*/stages/*", account=False)
    acls = deployment.texts(_WEB_ACL, "webAclArn") or (deployment.arn("wafv2", "regional/webacl/*"),)
    yield Grant(
        group="elsewhere",
        purpose="WebAclsRead",
        actions=actions("wafv2", "GetWebACL GetWebACLForResource"),
        resources=(*acls, stages),
        reads=True,
    )
    yield Grant(
        group="elsewhere",
        purpose="WebAclsAssociate",
        actions=actions("wafv2", "AssociateWebACL DisassociateWebACL"),
        resources=(*acls, stages),
    )
    yield Grant(
        group="elsewhere", purpose="WebAclsOfStages", actions=actions("apigateway", "SetWebACL"), resources=(stages,)
    )


ELSEWHERE: Final[Mapping[str, Need]] = {
    _PERMISSION: _permission,
    _RECORD: _record,
    _WEB_ACL: _web_acl,
}
"""What each type of these services needs."""
