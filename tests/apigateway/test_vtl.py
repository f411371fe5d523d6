"""Mapping templates: which of them Velocity cannot read, and what in them is doubtful."""

from contextlib import suppress
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.errors import ExpressionError
from apigateway.vtl import TEMPLATE_BYTES, TEMPLATE_CHARACTERS, check_template, template_warnings

SQS: Final = (
    "Action=SendMessage&MessageGroupId=$input.path('$.MessageGroupId')"
    "&MessageDeduplicationId=$context.requestId"
    "&MessageAttribute.1.Name=connectionId&MessageAttribute.1.Value.StringValue=$context.connectionId"
    "&MessageAttribute.1.Value.DataType=String"
    "&MessageBody=$util.urlEncode($input.json('$'))"
)
DYNAMODB: Final = """{
  "TableName": "${stageVariables.table}",
  "Item": {
    "connectionId": {"S": "$context.connectionId"},
    "connectedAt": {"N": "$context.connectedAt"},
    "user": {"S": "$context.authorizer.principalId"},
    "tenant": {"S": "$util.escapeJavaScript($input.params('tenant')).replaceAll("\\\\'", "'")"},
    "table": {"S": "${stageVariables['table']}"},
    "ttl": {"N": "$input.params().querystring.get('ttl')"}
  }
}
"""
LAMBDA: Final = """## what the function is given
#set($inputRoot = $input.path('$'))
#set( $names = ["a", "b"] )
#*
   #if that is never closed: a comment
*#
{
  "colour": "#fff", "price": "$5", "hash": "#", "dollar": "$", "anchor": "https://example.com/#/top",
  "event": "$context.eventType", "ip": "$context.identity.sourceIp", "identity": "$context.identity",
  "quoted": "$!{inputRoot.text}", "escaped": "\\$nobody \\#if \\\\\\$nobody",
  "orders": [
#foreach($order in $inputRoot.orders)
    {
      "id": "$order.id", "n": $foreach.count, "velocity": $velocityCount,
      "items": [#foreach ( $item in $order.items )"$item"#if($foreach.hasNext),#end#end],
#if($order.total >= 100 && $order.state != "done #end")
      "big": true
#elseif ($order.total == 0)
      "big": null
#{else}
      "big": false
#end
    }#if($foreach.hasNext),#end
#if($foreach.count > 9)#break#end
#end
  ],
  "names": "#foreach($name in $names)$name#end",
  "body": $input.body, "all": $input.json("$"), "text": "$util.base64Encode($input.body)"
}
"""
MACRO: Final = """#macro(pair $key $value)"$key": "$value"#end
#define($block)$input.body#end
{#pair("a" $input.path("$.a")), #[[ #if is raw text ]]# $block}
"""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        SQS,
        DYNAMODB,
        LAMBDA,
        MACRO,
        '{"statusCode": 200}',
        '#set($x = "a (")#if($x == ")")y#end',
        "#set($x = 'it''s')$x",
        '#set($x = $input.body.replace("\\"", "(").replace("#if(", ""))$x',
        "#if($input.body)#else()#end",
        "#endless #elsewhere #iffy #setting #foreach_ #@ #1 #{if #{other}",
        "#foreach($x in [1..3])$x#else none#end",
        "#literal()# #end",
        "#@panel('a')body#end",
        "$input.path('$.a')[0].b.size() ${input.body}(text) [$input.body][0]",
        "#set($map = {'a': 1})#set($map['b'] = 2)#set( ${y}=3 )#set($!z=4)$map.a $y $z",
        "$stageVariables.a $stageVariables['b'] ${stageVariables['c']}",
    ],
)
def test_legal_templates_are_taken_without_a_word(text: str) -> None:
    check_template(text)
    assert template_warnings(text, "WEBSOCKET") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("#if($input.body)x", 'line 1: #if has no #end, got "#if($input.body)"'),
        ("a\n b #foreach($x in $y)\n#if($x)\n#end", 'line 2: #foreach has no #end, got "#foreach($x in $y)"'),
        ("#if($a)b#endless", 'line 1: #if has no #end, got "#if($a)"; write #{end}less'),
        ("x\n#end", 'line 2: #end ends nothing, got "#end"'),
        ("#if($a)#end#end", 'line 1: #end ends nothing, got "#end"'),
        ("#else", 'line 1: #else is outside of #if, got "#else"'),
        ("#foreach($x in $y)#elseif($x)#end", 'line 1: #elseif is outside of #if, got "#elseif($x)"'),
        ("#if($a)1#{else}2#{else}3#end", 'line 1: #else follows the #else of the same #if, got "#{else}"'),
        ("#if($a)1#else 2#elseif($b)3#end", 'line 1: #elseif follows the #else of the same #if, got "#elseif($b)"'),
        ("#if true#end", 'line 1: #if has no parentheses, got "#if true#end"'),
        ("#set $x = 1", 'line 1: #set has no parentheses, got "#set $x = 1"'),
        ("#if( )#end", 'line 1: the parentheses of #if are empty, got "#if( )#end"'),
        ("\n\n#set($x\n+ 1)", 'line 3: #set assigns nothing, got "#set($x"; expected #set($name = value)'),
        (
            "#foreach($x : $y)#end",
            'line 1: #foreach names no list, got "#foreach($x : $y)#end"; expected #foreach($item in $list)',
        ),
        ("#if(($a)\n#end", 'line 1: the parenthesis of #if is never closed, got "#if(($a)"'),
        ('#if($a == "b)\n#end', 'line 1: the parenthesis of #if is never closed, got "#if($a == "b)"'),
        ("a #* b", 'line 1: #* begins a comment that *# never ends, got "#* b"'),
        (r"\\#end", 'line 1: #end ends nothing, got "#end"'),
        ("#macro(a $b)", 'line 1: #macro has no #end, got "#macro(a $b)"'),
        ("#if(" + "1" * 190 + ")", f'line 1: #if has no #end, got "#if({"1" * 153}..."'),
    ],
)
def test_what_velocity_cannot_read(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        check_template(text)
    assert str(raised.value) == message
    assert template_warnings(text, "WEBSOCKET") == []


@pytest.mark.parametrize(
    ("text", "warnings"),
    [
        ("$inptu.body", ['"$inptu" is not defined, and is printed as it is written; did you mean "$input"?']),
        ('{"$ref": 1}', ['"$ref" is not defined, and is printed as it is written']),
        (
            "#set($order = 1)$ordre.id $ordre",
            ['"$ordre" is not defined, and is printed as it is written; did you mean "$order"?'],
        ),
        (
            "$util.escapeJavascript($input.body)",
            [
                (
                    '"$util.escapeJavascript" is not known in a WebSocket API\'s templates; '
                    'did you mean "$util.escapeJavaScript"?'
                )
            ],
        ),
        ("$input.xyz", ['"$input.xyz" is not known in a WebSocket API\'s templates']),
        (
            '$util.urlEncode("$input.jsn(1) ""$context.stag""")',
            [
                '"$input.jsn" is not known in a WebSocket API\'s templates; did you mean "$input.json"?',
                '"stag" is not a $context variable of WebSocket APIs; did you mean "stage"?',
            ],
        ),
        (
            "${context.conectionId}",
            ['"conectionId" is not a $context variable of WebSocket APIs; did you mean "connectionId"?'],
        ),
        (
            "$context.connectionId-x",
            ['"connectionId-x" is not the name of a $context variable'],
        ),
        ("$context.httpMethod", ['"httpMethod" is a $context variable of HTTP APIs only']),
        ("$context.waf.status", ['"waf.status" is a $context variable of access logs only']),
        (
            '#set($context.requestOverride.header.a = "b")',
            ['"$context.requestOverride.header.a" is for REST APIs only'],
        ),
        ("$context.stage.length() $context.identity.sourceIp.split('.')[0] $context.authorizer.a.b", []),
        ("## $nobody\n#* $nobody *# '\\$nobody'", []),
        ("#if('$nobody' == $x)#end", ['"$x" is not defined, and is printed as it is written']),
    ],
)
def test_what_is_doubtful(text: str, warnings: list[str]) -> None:
    check_template(text)
    assert template_warnings(text, "WEBSOCKET") == warnings


@pytest.mark.parametrize(
    "text",
    [
        "",
        '{"method": "$context.httpMethod", "path": "$context.resourcePath"}',
        "#set($context.requestOverride.path = \"/pets/$input.params().path.get('petId')\")\n$input.body",
        "#set($context.requestOverride.header.x-tenant = $util.escapeJavaScript($input.path('$.tenant')))",
        "#set($context.responseOverride.status = 404)",
        "#set($all = $context.requestOverride.header)$all.a",
        "$context.authorizer.claims['cognito:groups'] ${context.identity.sourceIp} $!context.identity",
        r"\$context.nope \\\$context.nope",
        "## $context.nope\n#* $context.nope *# #[[ $context.nope ]]#",
        "$context.path.replaceAll('a', 'b') $context.identity.userAgent.length()",
        "$stageVariables.tenant #foreach($item in $input.path('$.items'))$item.name#end",
    ],
)
def test_what_a_rest_api_knows(text: str) -> None:
    assert template_warnings(text, "REST") == []


@pytest.mark.parametrize(
    ("text", "warnings"),
    [
        ("$context.connectionId", ['"connectionId" is a $context variable of WebSocket APIs only']),
        ("$context.status", ['"status" is a $context variable of access logs only']),
        (
            "$context.htpMethod.toLowerCase()",
            ['"htpMethod" is not a $context variable of REST APIs; did you mean "httpMethod"?'],
        ),
        (r"\\$context.nope ${context.nope}", ['"nope" is not a $context variable of REST APIs']),
        (
            "$input.bdy $util.escapeJavascript('x') $util.sha256('x')",
            [
                '"$input.bdy" is not known in a REST API\'s templates; did you mean "$input.body"?',
                (
                    '"$util.escapeJavascript" is not known in a REST API\'s templates; '
                    'did you mean "$util.escapeJavaScript"?'
                ),
                '"$util.sha256" is not known in a REST API\'s templates',
            ],
        ),
        (
            "$contxt.stage $context.nope",
            [
                '"$contxt" is not defined, and prints nothing; did you mean "$context"?',
                '"nope" is not a $context variable of REST APIs',
            ],
        ),
        ("#if($context.nope", []),
        (
            "#macro(a)x#end#define($b)y#end#include('a')#parse('b')#evaluate('c')#stop",
            [
                f'"#{name}" is not among the directives of API Gateway, which are #set, #if and #foreach'
                for name in ("macro", "define", "include", "parse", "evaluate")
            ],
        ),
        (
            "$input.path('$..[') $input.json(\"$.a.\") $input.path('$.a[?(@.b == 1]')",
            [f'"{path}" is not a JSON path: it breaks off' for path in ("$..[", "$.a.", "$.a[?(@.b == 1]")],
        ),
        (
            "$input.path('$') $input.json('$..a[?(@.b==\"x]\")].c.length()') $input.path($x)",
            ['"$x" is not defined, and prints nothing'],
        ),
    ],
)
def test_names_that_a_rest_api_does_not_know(text: str, warnings: list[str]) -> None:
    assert template_warnings(text, "REST") == warnings


def test_the_size_of_a_template() -> None:
    check_template("x" * TEMPLATE_BYTES)
    with pytest.raises(ExpressionError) as raised:
        check_template("é" * (TEMPLATE_BYTES // 2) + "x")
    assert str(raised.value) == (f'a mapping template is of at most 307,200 bytes, not 307,201, got "{"é" * 157}..."')
    assert template_warnings("x" * TEMPLATE_CHARACTERS, "REST") == []
    assert template_warnings("x" * 32_769, "REST") == [
        "the template has 32,769 characters, and API Gateway's model names 32,768 as the greatest length"
    ]


statements = st.recursive(
    st.sampled_from(
        [" text ", '"#fff" ', "$5 ", "$input.path('$.a') ", "#set($x = $input.body) ", "## note\n", "#* # *# "]
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map("".join),
        inner.map("#if($input.body == ')'){}#end".format),
        st.tuples(inner, inner).map(lambda both: f"#if(true){both[0]}#{{else}}{both[1]}#end"),
        inner.map("#foreach($e in $input.path('$.list')){}#end".format),
    ),
    max_leaves=8,
)


@given(statements)
def test_what_is_balanced_is_taken_and_one_end_more_is_not(text: str) -> None:
    check_template(text)
    assert template_warnings(text, "WEBSOCKET") == []
    with pytest.raises(ExpressionError, match="#end ends nothing"):
        check_template(f"{text}#end")
    with pytest.raises(ExpressionError, match="#if has no #end"):
        check_template(f"#if(true){text}")


@given(st.text(st.sampled_from("#$!{}()[]\"'\\*. =aifendset\n"), max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(ExpressionError):
        check_template(text)
    template_warnings(text, "WEBSOCKET")
    template_warnings(text, "REST")
