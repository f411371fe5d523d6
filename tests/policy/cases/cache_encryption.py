from policy.aws_types import REST_METHOD_SETTINGS
from policy.checks.cache_encryption import POLICY
from policy.model import UNKNOWN, Resource, Value
from tests.policy.making import Cases, resource


def settings(**said: Value) -> Resource:
    """Return the settings of all methods of a stage."""
    return resource(REST_METHOD_SETTINGS, "pets-v1-methods", methodPath="*/*", settings=said)


CASES = Cases(
    policy=POLICY,
    good={
        "encrypted": (settings(cachingEnabled=True, cacheDataEncrypted=True),),
        "no cache": (settings(cachingEnabled=False),),
        "nothing said": (settings(),),
        "no cache, whatever is said of it": (settings(cachingEnabled=False, cacheDataEncrypted=UNKNOWN),),
    },
    bad={
        "in the clear": (
            (settings(cachingEnabled=True, cacheDataEncrypted=False),),
            ["pets-v1-methods: settings.cacheDataEncrypted must be true, got false"],
        ),
        "nothing said of encryption": (
            (settings(cachingEnabled=True),),
            ["pets-v1-methods: settings.cacheDataEncrypted must be true, got none"],
        ),
    },
    undecided={
        "perhaps a cache": (
            (settings(cachingEnabled=UNKNOWN),),
            ["pets-v1-methods: settings.cachingEnabled is not known"],
        ),
        "perhaps encrypted": (
            (settings(cachingEnabled=True, cacheDataEncrypted=UNKNOWN),),
            ["pets-v1-methods: settings.cacheDataEncrypted is not known"],
        ),
    },
)
