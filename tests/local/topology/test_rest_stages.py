from local.recording import Json
from local.topology.limits import KeyPlan, Limit, StageLimits
from local.topology.reading.rest_stages import read_stages
from local.topology.stages import Stage
from tests.local.rest_recordings import RestProgram, by_v1_link
from tests.programs import dev_settings, only, rest_api, run_program


def stages(made: RestProgram) -> dict[str, Stage]:
    recording = made.recording_program().recording()
    return read_stages(recording, only(recording, "aws:apigateway/restApi:RestApi"))


def throttle(made: RestProgram, name: str, stage: str, path: str, rate: float, burst: float) -> None:
    made.made.add(
        "aws:apigateway/methodSettings:MethodSettings",
        name,
        {
            "restApi": "pets",
            "stageName": stage,
            "methodPath": path,
            "settings": {"throttlingRateLimit": rate, "throttlingBurstLimit": burst},
        },
    )


def test_each_stage_has_its_own_limits() -> None:
    made = RestProgram()
    made.stage("prod")
    made.method("GET /", by_v1_link())
    throttle(made, "all", "dev", "*/*", 10.0, 20.0)
    throttle(made, "one", "dev", "~1pets~1{petId}/GET", 0.0, 0.0)
    assert stages(made)["dev"].limits == StageLimits(
        default=Limit(rate=10, burst=20), routes={"GET /pets/{petId}": Limit(rate=0, burst=0)}
    )
    assert stages(made)["prod"].limits == StageLimits(default=None, routes={})


def test_a_key_has_the_limits_of_its_plan() -> None:
    made = RestProgram()
    made.method("GET /", by_v1_link())
    plans: dict[str, dict[str, Json]] = {
        "free": {"throttleSettings": {"rateLimit": 1.0, "burstLimit": 2.0}, "quotaSettings": {"limit": 100.0}},
        "paid": {"quotaSettings": {"limit": 1000.0, "period": "DAY"}},
        "open": {},
    }
    for plan, limits in plans.items():
        made.made.add("aws:apigateway/apiKey:ApiKey", f"{plan}-key", {}, value="<secret>")
        stage: Json = [{"apiId": "pets", "stage": "dev"}]
        made.made.add("aws:apigateway/usagePlan:UsagePlan", plan, {"apiStages": stage, **limits})
        member: dict[str, Json] = {"usagePlanId": plan, "keyId": f"{plan}-key", "keyType": "API_KEY"}
        made.made.add("aws:apigateway/usagePlanKey:UsagePlanKey", f"{plan}-member", member)
    assert stages(made)["dev"].plans == {
        "free-key": KeyPlan(plan="free", limit=Limit(rate=1, burst=2), quota=100),
        "paid-key": KeyPlan(plan="paid", limit=None, quota=1000),
    }


def test_what_the_program_registers_is_read() -> None:
    settings = dev_settings()
    settings["apis"]["pets"] = rest_api(
        "chat",
        stage={
            "throttling": {"rateLimit": 5, "burstLimit": 6},
            "routeSettings": {"GET /pets": {"throttling": "blocked"}},
        },
    )
    recording = run_program(settings)
    (stage,) = read_stages(recording, only(recording, "aws:apigateway/restApi:RestApi")).values()
    assert stage.limits == StageLimits(default=Limit(rate=5, burst=6), routes={"GET /pets": Limit(rate=0, burst=0)})
