import json
from collections.abc import Mapping
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigateway.errors import TemplateError
from apigateway.mapping.data import Pairs, RequestData, ResponseData
from local.gateway.templates import Overrides, Rendered, render_request, render_response

ORDER = json.dumps(
    {
        "id": 7,
        "name": "Ada",
        "paid": True,
        "note": None,
        "price": 2.50,
        "größe": "ü",
        "x-y": "dash",
        "items": [{"sku": "a", "tags": ["x", "y"]}, {"sku": "b"}],
        "address": {"street 1": "Main", "size": 3},
    }
)
HEADERS: Pairs = (("Accept", "*/*"), ("X-Tenant", "a"), ("X-Tenant", "b"), ("id", "from the header"))


def request(
    body: str | bytes = ORDER, *, headers: Pairs = HEADERS, context: Mapping[str, str] | None = None
) -> RequestData:
    return RequestData(
        headers=headers,
        query=(("q", "1"), ("q", "2"), ("note", "query")),
        path="/pets/a%20b",
        path_parameters={"id": "a%20b"},
        body=body,
        context={"stage": "dev", "identity.sourceIp": "192.0.2.1", "identity.userAgent": "curl", "httpMethod": "POST"}
        if context is None
        else context,
        stage_variables={"table": "pets", "a.b": "dotted"},
    )


def response(body: str | bytes, context: Mapping[str, str] | None = None) -> ResponseData:
    return ResponseData(status=200, headers=(), body=body, context=context or {"stage": "dev"}, stage_variables={})


def rendered(template: str, body: str | bytes = ORDER) -> str:
    return render_request(template, request(body)).body


def failure(template: str, body: str | bytes = ORDER) -> TemplateError:
    with pytest.raises(TemplateError) as raised:
        render_request(template, request(body))
    return raised.value


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("", ""),
        ("plain # $ 5$ text\n", "plain # $ 5$ text\n"),
        ("$input.body", ORDER),
        ("$input.json('$.name')", '"Ada"'),
        ('$input.json("$.items[0]")', '{"sku":"a","tags":["x","y"]}'),
        ("$input.json('$.größe')", '"ü"'),
        ("$input.json('$.x-y')", '"dash"'),
        ("$input.json('name')", '"Ada"'),
        ("$input.json('$.address[\"street 1\"]')", '"Main"'),
        ("$input.json('$.note')", "null"),
        ("$input.json('$.none')", '""'),
        ("$input.json('$..sku')", '["a","b"]'),
        ("$input.json('$.items[*].sku')", '["a","b"]'),
        ("$input.json('$.items[?(@.sku == \"b\")]')", '[{"sku":"b"}]'),
        ("$input.json('$.items[7:]')", "[]"),
        ("$input.path('$.name')", "Ada"),
        ("<$input.path('$.note')><$input.path('$.none')>", "<><>"),
        ("$input.path('$.paid') $input.path('$.price') $input.path('$.id')", "true 2.5 7"),
        ("$input.path('$').items[1].sku $input.path('$')['name']", "b Ada"),
        ("$input.path('$.items').size() $input.path('$').items.get(0).sku", "2 a"),
        ("$input.path('$.items')", '[{"sku":"a","tags":["x","y"]},{"sku":"b"}]'),
        ("$input.path('$.items[0]')", '{sku=a, tags=["x","y"]}'),
        ("$input.params('id')|$input.params('q')|$input.params('X-Tenant')", "a b|2|b"),
        ("<$input.params('note')><$input.params('x-tenant')><$input.params('none')>", "<query><><>"),
        ("$input.params().path.get('id') $input.params().header['X-Tenant']", "a b b"),
        ("$input.params().querystring", "{q=2, note=query}"),
        ("$input.params().querystring.keySet()", "[q, note]"),
        ("$context.stage $context.identity.sourceIp ${context.httpMethod}", "dev 192.0.2.1 POST"),
        ("<$context.nothing><$context.nothing.below><$nothing><$!nothing>", "<><><><>"),
        ("$stageVariables.table $stageVariables['a.b'] ${stageVariables.get('table')}s", "pets dotted petss"),
        ("$input $util $context.requestOverride", "  "),
    ],
)
def test_a_template_reads_the_request(template: str, text: str) -> None:
    assert rendered(template) == text


@pytest.mark.parametrize(
    ("template", "text"),
    [
        (r"""$util.escapeJavaScript("it's ""a"" \b / é 😀")""", r"it\'s \"a\" \\b \/ \u00E9 \uD83D\uDE00"),
        ("$util.escapeJavaScript('a\tb\r\n\f\b\x01')", r"a\tb\r\n\f\b\u0001"),
        ("$util.escapeJavaScript($input.path('$.items[1]'))", "{sku=b}"),
        (r"""$util.escapeJavaScript("it's").replaceAll("\\'", "'")""", "it's"),
        ("""$util.parseJson('{"a": [1, {"b": null}]}')""", '{a=[1,{"b":null}]}'),
        ("""#set($found = $util.parseJson('{"a": [1, {"b": "c"}]}'))$found.a[1].b""", "c"),
        ("$util.urlEncode('a b&ü~*-._') $util.urlEncode($input.path('$.id'))", "a+b%26%C3%BC%7E*-._ 7"),
        ("$util.urlDecode('a+b%26%C3%BC')", "a b&ü"),
        ("$util.base64Encode('hé') $util.base64Decode('aMOp') $util.base64Decode('YQ')", "aMOp hé a"),
        ("<$util.toJson('x')><$util.urlEncode>", "<><>"),
    ],
)
def test_util(template: str, text: str) -> None:
    assert rendered(template) == text


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("#if($input.path('$.id') == 7)seven#else other#end", "seven"),
        ("#if($input.path('$.id') > 7)more#elseif($input.path('$.id') < 7)less#{else}same#end", "same"),
        ("#if($input.path('$.name') == 'Ada' && !$input.path('$.none') != '')x#end", "x"),
        ("#if($input.path('$.paid'))paid#end", "paid"),
        ("#if(!$input.path('$.paid'))unpaid#end", ""),
        ("#if($none)only false is false#end", "only false is false"),
        ("#if('')only false is false#end", "only false is false"),
        ("#if($input.path('$.none') == '' && $none == '')empty#end", "empty"),
        ("#if($input.path('$.id') == '7')the same text#end", "the same text"),
        ("#if('b' > 'a')texts have no order#end", ""),
        ("#if(1 eq 1 and 2 ne 1 or 1 lt 0)words#end", "words"),
        ("#foreach($i in $input.path('$.items'))$foreach.index=$i.sku#if($foreach.hasNext), #end#end", "0=a, 1=b"),
        ("#foreach($i in [3..1])$i$foreach.first$foreach.last #end", "3truefalse 2falsefalse 1falsetrue "),
        ("#foreach($i in ['a', 'b'])$velocityCount$i#if($velocityHasNext)-#end#end", "1a-2b"),
        ("#foreach($v in {'a': 1, 'b': 2})$v#end", "12"),
        ("#set($m = {'a': 1})#foreach($e in $m.entrySet())$e.key $e.getValue() $e#end", "a 1 a=1"),
        ("#foreach($c in 'text')$c#end#foreach($c in $none)$c#end", ""),
        ("#foreach($i in [1..2000])#set($last = $i)#end$last", "1000"),
        ("#foreach($i in [1, 2])#set($sum = $i)#end$sum", "2"),
        ("#set($i = 9)#foreach($i in [1, 2])#set($i = 5)$i#end$i", "559"),
        (
            "#set($list = [1, 'a'])#set($_ = $list.add(2.5))$list $list[2] <$list[3]> $list[-1]",
            "[1, a, 2.5] 2.5 <> 2.5",
        ),
        ("#set($list = ['a', 'b'])#set($list[1] = 'c')$list $list.contains('c') $list.isEmpty()", "[a, c] true false"),
        (
            "#set($map = {})#set($map.a = 1)#set($map['b c'] = [2])$map $map.size() $map.containsKey('a')",
            "{a=1, b c=[2]} 2 true",
        ),
        ("#set($map = {'size': 1})$map.size $map.size() $map.getOrDefault('x', 'y')", "1 1 y"),
        ("#set($k = 'items')#set($i = 1)$input.path('$')[$k][$i].sku", "b"),
        ("#set($n = 7)#set($a = $n / 2)#set($b = -7 / 2)#set($c = -7 % 3)#set($d = 7 / 2.0)$a $b $c $d", "3 -3 -1 3.5"),
        ("#set($a = 1 + 2 * 3)#set($b = 'n' + 1)#set($c = 'a' * 9)#set($d = 1 / 0)$a $b <$c> <$d>", "7 n1 <> <>"),
        (
            "#set($s = 'a-b-')$s.split('-').size() $s.length() $s.indexOf('b') $s.substring(2) $s.substring(0, 1)",
            "2 4 2 b- a",
        ),
        (
            "#set($s = ' Ab ')<$s.trim().toUpperCase()> $s.toLowerCase().replace('b', 'c') $s.isEmpty()",
            "<AB>  ac  false",
        ),
        (
            "#set($s = 'ab12')$s.replaceAll('([a-z]+)', '<$1>') $s.matches('[a-z]+') $s.startsWith('ab')",
            "<ab>12 false true",
        ),
        ("#set($Integer = 0)#set($n = $Integer.parseInt('41') + 1)$n $n.toString().length()", "42 2"),
        ("#define($name)Hi $who#end#set($who = 'Ada')$name", "Hi Ada"),
        ("""#set($who = 'Ada')#set($hi = "Hi ${who}!")$hi #set($raw = '$who')$raw""", "Hi Ada! $who"),
        (r"\$input.body #* gone *#here## gone", "$input.body here"),
        ("$price(incl. VAT)", "(incl. VAT)"),
        ("${none|'another'} ${input.path('$.name')|'another'}", "another Ada"),
        ("a#stop b", "a"),
    ],
)
def test_velocity(template: str, text: str) -> None:
    assert rendered(template) == text


@pytest.mark.parametrize(
    "template",
    [
        "#macro(hi $x)hi#end#hi('y')",
        "#evaluate('$x')",
        "#return($x)",
        "#include('/etc/passwd')",
        "#parse('/etc/passwd')",
    ],
)
def test_directives_that_api_gateway_does_not_run_stay_as_they_are_written(template: str) -> None:
    assert rendered(template) == template.removeprefix("#macro(hi $x)hi#end")


@pytest.mark.parametrize(
    "reference",
    [
        "$input.__class__",
        "$input.__class__.__mro__",
        "$input.methods",
        "$util.urlEncode.__globals__",
        "$text.__class__",
        "$text.format($input)",
        "$text.encode()",
        "$list.__len__()",
        "$list.append(1)",
        "$map.__init__",
        "$map.pop('a')",
        "$number.__class__",
        "$number.real",
        "$context.requestOverride._members",
        "$context['__class__']",
        "$foreach.__class__",
    ],
)
def test_python_is_out_of_reach(reference: str) -> None:
    values = "#set($text = '{0.__class__}')#set($list = [1])#set($map = {'a': 1})#set($number = 1)"
    assert rendered(f"{values}<{reference}>") == "<>"


def test_all_parameters_as_json() -> None:
    template = """#set($all = $input.params())
{#foreach($type in $all.keySet())
#set($params = $all.get($type))
"$type": {
#foreach($name in $params.keySet())
"$name": "$util.escapeJavaScript($params.get($name))"#if($foreach.hasNext),#end
#end
}
#if($foreach.hasNext),#end
#end}"""
    assert json.loads(rendered(template)) == {
        "path": {"id": "a b"},
        "querystring": {"q": "2", "note": "query"},
        "header": {"Accept": "*/*", "X-Tenant": "b", "id": "from the header"},
    }


def test_a_list_of_objects_becomes_another_one() -> None:
    template = """#set($root = $input.path('$'))
[#foreach($pet in $root){"description": "Item $pet.id is a $pet.type.", "cents": $pet.price}#if($foreach.hasNext),#end
#end]"""
    body = '[{"id": 1, "type": "dog", "price": 24999}, {"id": 2, "type": "fish", "price": 99}]'
    assert json.loads(rendered(template, body)) == [
        {"description": "Item 1 is a dog.", "cents": 24999},
        {"description": "Item 2 is a fish.", "cents": 99},
    ]


@pytest.mark.parametrize("body", ["", b"", " \n"])
def test_an_empty_body_is_an_empty_object(body: str | bytes) -> None:
    template = "$input.json('$')<$input.json('$.a')><$input.path('$.a')>$input.path('$').size()"
    assert rendered(template, body) == '{}<""><>0'


@pytest.mark.parametrize(
    ("body", "text"), [("", "{}"), (b"", "{}"), ("a=1", "a=1"), ("ü".encode(), "ü"), (b"\xff", "\ufffd")]
)
def test_the_body_as_it_is(body: str | bytes, text: str) -> None:
    assert rendered("$input.body", body) == text


def test_a_body_of_plain_text_is_one_text() -> None:
    assert rendered("$input.json('$') $input.path('$') <$input.path('$.a')>", "a=1") == '"a=1" a=1 <>'


def test_a_template_changes_its_own_copy_of_the_body_only() -> None:
    data = request()
    template = "#set($root = $input.path('$'))#set($root.id = 8)$root.id $input.json('$.id')"
    assert render_request(template, data).body == "8 7"
    assert render_request("$input.path('$.id')", data).body == "7"


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(json_values)
def test_input_json_gives_the_body_back(value: object) -> None:
    assert json.loads(rendered("$input.json('$')", json.dumps(value))) == value


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_escaped_text_makes_a_json_string_but_for_single_quotes(text: str) -> None:
    template = """"$util.escapeJavaScript($input.path('$')).replaceAll("\\\\'", "'")\""""
    assert json.loads(rendered(template, json.dumps(text.replace("\\", "")))) == text.replace("\\", "")


PIECES = r"""
#if( #else #elseif( #end #foreach( #set( #define( #macro( #stop #* *# ## #[[ ]]# # $ ! $! ${ } { ( ) [ ] . , : | \
= == + - * / % < > && || ' " 1 -1 2.5 true null in .. $a $b [0] ['k'] .x '$' '$.items' $foreach.hasNext
$input .body .json( .path( .params( $util .escapeJavaScript( .parseJson( $context .requestOverride .header .status
.size() .get( .add( .put( .replaceAll( .split( .length()
"""
pieces = st.sampled_from([*PIECES.split(), "\n", " "])


@given(st.text() | st.lists(pieces, max_size=12).map(" ".join) | st.lists(pieces, max_size=12).map("".join))
def test_no_template_fails_in_another_way_than_with_a_template_error(template: str) -> None:
    with suppress(TemplateError):
        render_request(template, request())


def test_half_a_surrogate_pair_does_not_reach_the_body() -> None:
    assert rendered("$input.path('$')", '"\\ud800"') == "\ufffd"


def test_overrides_of_a_request() -> None:
    template = """#set($context.requestOverride.header.X-Id = $input.path('$.id'))
#set($context.requestOverride.header['Set-Two'] = ['a', "b
c"])
#set($context.requestOverride.path.petId = "$input.params('id')!")
#set($context.requestOverride.querystring.q = ['1', 2])
#set($context.requestOverride.querystring.none = $none)
$context.requestOverride.header.X-Id"""
    assert render_request(template, request()) == Rendered(
        body="7",
        overrides=Overrides(
            headers={"X-Id": ("7",), "Set-Two": ("a", "b c")},
            path_parameters={"petId": "a b!"},
            query={"q": ("1", "2")},
        ),
    )


def test_the_whole_path_of_a_request_is_overridden() -> None:
    template = "#set($context.requestOverride.path = \"/pets/$input.params().path.get('id')\")\n$input.body"
    assert render_request(template, request("{}")) == Rendered(body="{}", overrides=Overrides(path="/pets/a b"))


def test_overrides_of_a_response() -> None:
    template = """#set($root = $input.path('$'))
#if($root.toString().contains("error"))
#set($context.responseOverride.status = 400)
#set($context.responseOverride.header.X-Why = $root.error)
#end
$input.json('$.error') $input.params('id')"""
    assert render_response(template, request(), response('{"error": "no"}')) == Rendered(
        body='"no" a b', overrides=Overrides(headers={"X-Why": ("no",)}, status=400)
    )
    assert render_response(template, request(), response("{}")) == Rendered(body='"" a b', overrides=Overrides())


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("200", 200),
        ("199", None),
        ("599", 599),
        ("600", None),
        ("'400'", None),
        ("400.0", None),
        ("true", None),
        ("$x", None),
    ],
)
def test_a_status_that_is_none_is_ignored(value: str, status: int | None) -> None:
    template = f"#set($context.responseOverride.status = {value})"
    assert render_response(template, request(), response("")).overrides == Overrides(status=status)


def test_the_template_of_a_response_reads_what_that_of_the_request_has_overridden() -> None:
    first = """#set($context.requestOverride.path.body = $input.json('$.name'))
#set($context.requestOverride.header.X = ['a', 'b'])#set($context.requestOverride.querystring.q = 1)"""
    variables = render_request(first, request()).overrides.variables
    assert variables == {
        "requestOverride.header.X": "a,b",
        "requestOverride.path.body": '"Ada"',
        "requestOverride.querystring.q": "1",
    }
    answer = render_response("$context.requestOverride.path.body", request(), response("", variables))
    assert answer == Rendered(body='"Ada"', overrides=Overrides())
    whole = render_request("#set($context.requestOverride.path = '/x')", request()).overrides.variables
    assert render_response("$context.requestOverride.path", request(), response("", whole)).body == "/x"


def test_a_name_that_is_a_part_of_another_one_is_an_object() -> None:
    context = {"a": "1", "a.b": "2", "c.d": "3", "c": "4"}
    assert render_request("$context.a.b $context.c.d", request(context=context)).body == "2 3"


@pytest.mark.parametrize(
    ("template", "message"),
    [
        (
            "\n#set($context.requestOverride.header.X = 1)\n#set($context.requestOverride.header.X = 2)",
            (
                "line 3: $context.requestOverride.header.X may be overridden once only, "
                'got "($context.requestOverride.header.X = 2)"'
            ),
        ),
        (
            "#foreach($i in [1, 2])#set($context.requestOverride.path = '/')#end",
            (
                "line 1: $context.requestOverride.path may be overridden once only, "
                "got \"($context.requestOverride.path = '/')\""
            ),
        ),
        (
            "#set($context.requestOverride.body = 1)",
            (
                'line 1: $context.requestOverride has "header", "path", "querystring", not "body", '
                'got "($context.requestOverride.body = 1)"'
            ),
        ),
        (
            "#set($context.responseOverride.header = {})",
            (
                'line 1: $context.responseOverride has "header", "status", not "header", '
                'got "($context.responseOverride.header = {})"'
            ),
        ),
        (
            "#set($context.requestOveride.header.X = 1)",
            'line 1: there is nothing to set "X" on, got "($context.requestOveride.header.X = 1)"',
        ),
        (
            "#set($context.requestOverride.header['a b'] = 1)",
            'the name of an overridden header must be of letters, digits and -, got "a b"',
        ),
        ("a\n$input.json('$.a", 'line 2: expected ) in parameter list, got "\'$.a"'),
        ("a\n#set(a = 1)", 'line 2: expected assignment in set directive, got "(a = 1)"'),
        ("#foreach($i in [1])", "line 1: expected #end in foreach directive"),
        ("#end", 'line 1: expected block element in template body, got "#end"'),
        ("$input.json('$.a b')", "line 1: this is not a JSON path, got \"$input.json('$.a b')\""),
        ("$input.json('$.a | $.b')", "line 1: this is not a JSON path, got \"$input.json('$.a | $.b')\""),
        ("a\n$input.json()", 'line 2: json does not work with (), got "$input.json()"'),
        ("$input.params('a', 1)", 'line 1: params does not work with ("a", 1), got "$input.params(\'a\', 1)"'),
        ("$util.parseJson('{')", 'line 1: parseJson does not work with ("{"), got "$util.parseJson(\'{\')"'),
        ("#set($s = 'ab')$s.substring(3)", 'line 1: substring does not work with (3), got "$s.substring(3)"'),
        ("#set($s = 'ab')$s.matches('(')", 'line 1: matches does not work with ("("), got "$s.matches(\'(\')"'),
        ("#set($l = [])#set($l[0] = 1)", 'line 1: this cannot be evaluated, got "($l[0] = 1)"'),
        ('#set($s = "$util.parseJson(1, 2)")', 'parseJson does not work with (1, 2), got "$util.parseJson(1, 2)"'),
        (
            "#foreach($i in [1..$none])#end",
            'line 1: a range must be of whole numbers, got "#foreach($i in [1..$none])#end"',
        ),
    ],
)
def test_what_fails_names_its_line(template: str, message: str) -> None:
    assert str(failure(template)) == message


def test_an_answer_knows_no_other_error_than_its_template_has() -> None:
    with pytest.raises(TemplateError, match=r"^line 1: parseJson does not work with"):
        render_response("$util.parseJson('{')", request(), response(""))


@pytest.mark.parametrize("body", ["{", '{"a": NaN}', "[1,]", "'a'", '"a', b'{"a": "\xff"}'])
def test_a_body_that_begins_as_json_must_be_json(body: str | bytes) -> None:
    error = failure("\n$input.json('$')", body)
    text = body if isinstance(body, str) else body.decode("utf-8", "replace")
    assert str(error) == f'line 2: the body must be JSON, got "{text}"'
    assert error.body_is_not_json
    assert rendered("$input.params('q')", body) == "2"


def test_other_errors_are_not_the_body_s() -> None:
    assert not failure("$util.parseJson('{')").body_is_not_json


@pytest.mark.parametrize(
    ("template", "message"),
    [
        (
            "#foreach($i in [1..999])#foreach($j in [1..999])#end#end",
            "line 1: the template takes more than 300,000 steps",
        ),
        (
            "#set($s = 'ab')#foreach($i in [1..99])#set($s = \"$s$s\")#end",
            "a text may be of at most 10,485,760 characters",
        ),
        (
            "#set($s = 'ab')#foreach($i in [1..99])#set($s = $s + $s)#end",
            "line 1: a text may be of at most 10,485,760 characters",
        ),
        (
            "#set($s = 'ab')#foreach($i in [1..99])#set($s = $s.replace('a', 'aaa'))#end",
            "line 1: a text may be of at most",
        ),
        (
            "#set($s = 'aa')#foreach($i in [1..99])#set($s = $s.replace('a', $s))#end",
            "line 1: a text may be of at most",
        ),
        (
            "#set($s = 'aa')#foreach($i in [1..99])#set($s = $s.replaceAll('a', $s))#end",
            "line 1: a text may be of at most",
        ),
        (
            "#set($s = 'aaaaaa')#foreach($i in [1..99])#set($s = $util.base64Encode($s))#end",
            "line 1: a text may be of at most",
        ),
        (
            "#set($l = [1])#foreach($i in [1..99])#set($l = [$l, $l])#end$l",
            "line 1: a value has too many members to be printed",
        ),
        ("#set($l = [1])#set($_ = $l.add($l))$l", "line 1: the template is nested too deeply"),
        ("#set($n = 2)#foreach($i in [1..99])#set($n = $n * $n)#end$n", "line 1: a number does not fit into 64 bits"),
        ("#define($a)$a#end$a", "line 1: the template is nested too deeply"),
        ("#foreach($i in [1..99999999999])#end", "line 1: a range may be of at most 300,000 numbers"),
        (f"#if({'(' * 500}1{')' * 500})x#end", "the template is nested too deeply"),
    ],
)
def test_no_template_goes_on_without_end(template: str, message: str) -> None:
    assert str(failure(template)).startswith(message)
