"""What a model is told and asked: little, complete and true; and what it answers in whatever wrapping."""

import asyncio
import json
import random
from datetime import date
from functools import partial

import pytest
from judged_statements import DOCUMENTS, case_named
from openai_standin import DEPLOYMENT, GOOD, KEY, MODEL, OpenAIStandin, refused
from writers import WRITERS

from kraftd_core.adapters.agents.openai import OpenAIAgent
from kraftd_core.adapters.agents.openai.answers import json_in, without_field_names, without_thought
from kraftd_core.adapters.agents.openai.computed import computed, shown_of, tables_of
from kraftd_core.adapters.agents.openai.service import Service, azure_client, openai_client
from kraftd_core.adapters.agents.rules.agent import RulesAgent
from kraftd_core.document.checks.checking import check
from kraftd_core.errors import AgentUnavailable, OtherLanguage
from kraftd_core.ports.thinking import Case, counting
from kraftd_core.records.plan import DocumentTemplate, ExportFormat, Tone
from kraftd_core.records.stages import UserPreferences
from kraftd_core.thinking.agent import KraftdAIAgent
from kraftd_core.thinking.grounding.grounding import ground_text

pytestmark = pytest.mark.slow

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def running():
    standin = OpenAIStandin()
    standin.start()
    yield standin
    standin.stop()


@pytest.fixture
def standin(running):
    running.forget()
    return running


def at_openai(standin):
    connect = partial(openai_client, standin.base_url, KEY, 20.0)
    return OpenAIAgent(connect, Service("OpenAI", "gpt-4o", "KRAFTD_OPENAI_API_KEY", "KRAFTD_OPENAI_MODEL", 20.0, 900))


@pytest.fixture(params=["openai", "azure_openai"])
def agent(request, standin):
    """The agent at either address."""
    if request.param == "openai":
        return at_openai(standin)
    connect = partial(azure_client, standin.endpoint, KEY, DEPLOYMENT, "2024-10-21", 20.0)
    names = ("Azure OpenAI", DEPLOYMENT, "KRAFTD_AZURE_OPENAI_API_KEY", "KRAFTD_AZURE_OPENAI_DEPLOYMENT")
    return OpenAIAgent(connect, Service(*names, 20.0, 900))


def written(agent, case):
    return asyncio.run(KraftdAIAgent(agent, rules=RulesAgent()).summarise_initial(case))


def sent(standin, n=-1):
    return json.loads(standin.asked[n]["messages"][2]["content"])


# Long tables


def long_bill(count=600, doubled=0):
    chance = random.Random(7)
    rows = []
    for n in range(1, count + 1):
        quantity, price = chance.randint(1, 90), round(chance.uniform(2, 300), 2)
        rows.append({
            "_row_id": f"r{n}", "position": str(n), "section": f"Section {(n - 1) // 100 + 1}: works above ground",
            "description": f"Concrete block wall {n}, 140 mm, fair faced both sides", "unit": "m2", "quantity": quantity,
            "unit_price": price, "amount": round(quantity * price + (1 if n <= doubled else 0), 2),
        })  # fmt: skip
    rows[499] |= {"quantity": 100, "unit_price": 400, "amount": 40_000}  # far behind any sample
    data = {"document_type": "boq", "customer_name": "Larkmoor District Council", "boq_number": "B-1", "boq_date": "2026-09-14",
            "currency": "EUR", "boq_total": round(sum(row["amount"] for row in rows), 2), "line_items": rows}  # fmt: skip
    return Case("bill.xlsx", "boq", data, {}, check(data, TODAY), TODAY)


@pytest.mark.parametrize("doubled", [0, 60])
def test_a_request_for_600_rows_is_small_and_its_answer_right(agent, standin, doubled):
    case = long_bill(doubled=doubled)
    standin.write_by(WRITERS["good"])
    said, thought = written(agent, case)
    assert len(json.dumps(standin.asked[0], ensure_ascii=False).encode()) <= 12_000
    table = sent(standin)["tables"]["line_items"]
    whole = sum(round(row["amount"] * 100) for row in case.data["line_items"]) / 100
    assert (table["rows"], table["sums"]) == (600, {"Amount": f"{whole:,.2f} EUR"})
    assert [(s["section"][:9], s["rows"]) for s in table["sections"]] == [(f"Section {n}", 100) for n in range(1, 7)]
    assert len(table["largest"]) == 10 and table["largest"][0]["line"] == 500
    assert "Line 500 is the largest: 40,000.00 EUR." in said.key_findings
    assert "It lists 600 lines." in said.key_findings
    assert f"It comes to {whole:,.2f} EUR." in said.executive_summary
    assert unmarked(thought)


def unmarked(thought):
    return not any(s.not_found for s in thought.grounding.statements) and thought.grounding.contradictions == []


def test_headings_among_the_rows_make_sections_and_a_sum_leaves_prices_out():
    rows = [
        {"_row_id": "a", "description": "Ground works"}, {"_row_id": "b", "description": "Dig", "unit_price": 3, "amount": 30},
        {"_row_id": "c", "description": "Roof"}, {"_row_id": "d", "description": "Tile", "unit_price": 2, "amount": 50},
    ]  # fmt: skip
    table = tables_of({"line_items": rows, "currency": "EUR"})["line_items"]
    assert table["sums"] == {"Amount": "80.00 EUR"}
    assert [tuple(section.values()) for section in table["sections"]] == [
        ("Ground works", 1, "30.00 EUR"), ("Roof", 1, "50.00 EUR"),
    ]  # fmt: skip


# What is calculated for it


def test_values_are_told_as_people_write_them_by_what_they_are_called():
    shown = shown_of(DOCUMENTS["bureau"])
    assert (shown["Total"], shown["Tax rate"]) == ("1,112.65 EUR", "19 %")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_whatever_was_calculated_rests_on_the_document_where_a_model_repeats_it(name):
    case = case_named(name)
    told = [f"It is {value}." for value in computed(case).values()]
    told += [f"The {label} is {value}." for label, value in shown_of(case.data).items()]
    largest = tables_of(case.data).get("line_items", {}).get("largest", [])
    told += [f"Line {row['line']} has {row['amount']}, a share of {row['share']}." for row in largest if "share" in row]
    unfound = [(text, s.not_found) for text in told for s in ground_text(text, case).statements if s.not_found]
    assert unfound == []


def test_each_finding_is_told_with_how_much_it_is(agent, standin):
    standin.write_by(WRITERS["good"])
    said, _ = written(agent, case_named("total"))
    [finding] = sent(standin)["checks"]
    assert (finding["severity"], finding["differs_by"]) == ("error", "300.00 GBP")
    assert said.risk_factors == [finding["message"]]


# The form and the words


def test_the_form_says_what_each_section_is_and_for_whom(agent, standin):
    written(agent, case_named("bureau"))
    body = standin.asked[0]
    members = body["response_format"]["json_schema"]["schema"]["properties"]
    assert all(member["description"].startswith("For ") for member in members.values())
    assert body["temperature"] == 0
    assert "Write every statement in English" in body["messages"][0]["content"]
    assert sent(standin)["language"] == "English"


def test_a_model_that_takes_no_temperature_is_asked_without_one(agent, standin):
    error = json.loads(refused(400, "unsupported_value").body)["error"] | {"param": "temperature"}
    standin.say(told_error := refused(400, "unsupported_value"))
    told_error.body = json.dumps({"error": error}).encode()
    told_error.headers["content-length"] = str(len(told_error.body))
    assert written(agent, case_named("bureau"))[1].ai_model == MODEL
    assert ["temperature" in body for body in standin.asked] == [True, False]


def test_a_plan_is_asked_for_with_the_names_of_the_parts_alone(agent, standin):
    case = case_named("double")
    words = UserPreferences(transformation_instructions="hide the currency")
    plan = asyncio.run(agent.plan(Case(**{**{f: getattr(case, f) for f in case.__slots__}, "preferences": words}),
                                  DocumentTemplate.STANDARD, ExportFormat.PDF))  # fmt: skip
    request = json.dumps(standin.asked[0], ensure_ascii=False)
    assert [value for value in ("Peverell", "PT-2088", "144", "Chisel") if value in request] == []
    parts = json.loads(standin.asked[0]["messages"][2]["content"])
    assert parts["fields"]["vendor_name"] == "Supplier: text"
    assert parts["tables"]["line_items"]["unit_price"] == "Unit price: money"
    assert [(call.act, call.prompt_tokens, call.completion_tokens) for call in plan.calls] == [("plan", 300, 45)]


SECRET = "GB33BUKB20201555555555"


def test_no_withheld_value_is_in_any_request(agent, standin):
    data = DOCUMENTS["double"] | {"vendor_email": "ann@peverell.example", "notes": f"Pay to {SECRET}, tel. +44 20 7946 0958"}
    words = UserPreferences(transformation_instructions=f"write to ann@peverell.example of {SECRET}")
    case = Case(f"{SECRET}.pdf", "invoice", data, {}, check(data, TODAY), TODAY, preferences=words)
    asyncio.run(agent.initial_summary(case))
    asyncio.run(agent.final_summary(case))
    asyncio.run(agent.plan(case, DocumentTemplate.STANDARD, ExportFormat.PDF))
    asyncio.run(agent.answer(f"Is {SECRET} right?", case))
    requests = json.dumps(standin.asked)
    assert len(standin.asked) == 4
    assert [secret for secret in (SECRET, "ann@", "7946 0958") if secret in requests] == []


# What comes back


@pytest.mark.parametrize("writer", ["fenced", "thinking", "slow", "good"])
def test_an_answer_in_a_fence_or_behind_thought_is_understood(agent, standin, writer):
    standin.write_by(WRITERS[writer])
    heard = []
    said = asyncio.run(agent.initial_summary(case_named("bureau"), heard.append)).what
    assert said.executive_summary.startswith("This is invoice RE-2026-0815")
    assert heard[-1].startswith(said.executive_summary)  # and the other sections behind it


@pytest.mark.parametrize(("text", "left"), [
    ("<think>a {\"b\": 1} c</think>{\"a\": 1}", '{"a": 1}'), ("<think>still", ""), ("so.\n</think>\n{\"a\": 1}", '{"a": 1}'),
    ('{"a": "</think>"}', '{"a": "</think>"}'),
])  # fmt: skip
def test_what_a_model_thinks_aloud_is_no_part_of_its_answer(text, left):
    assert without_thought(text) == left


@pytest.mark.parametrize("text", ['```json\n{"a": 1}\n```', '```\n{"a": 1}```', 'Sure:\n{"a": 1}\nDone.', ' {"a": 1} '])
def test_json_is_found_in_its_wrapping(text):
    assert json_in(text) == {"a": 1}


def test_prose_names_no_fields():
    names = {"invoice_total", "due_date"}
    told = without_field_names("The `invoice_total` is 5, 'due_date' is late, snake_case stays.", names)
    assert told == "The total is 5, due date is late, snake_case stays."


@pytest.mark.parametrize("failing", ["cut_off"])
def test_what_failed_is_counted_too(agent, standin, failing):
    standin.write_by(WRITERS[failing])
    case, calls = counting(case_named("bureau"))
    with pytest.raises(AgentUnavailable):
        asyncio.run(agent.initial_summary(case))
    assert [(call.outcome, call.prompt_tokens, call.completion_tokens) for call in calls] == [("failed", 300, 45)]


def test_what_was_stopped_is_counted_though_nobody_told_its_tokens(agent, standin):
    standin.write_by(WRITERS["hanging"])
    case, calls = counting(case_named("bureau"))

    async def stopped():
        asking = asyncio.create_task(agent.initial_summary(case))
        while not standin.asked:
            await asyncio.sleep(0.01)
        asking.cancel()
        await asking

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(stopped())
    assert [(call.outcome, call.prompt_tokens) for call in calls] == [("cancelled", None)]


# Languages


def test_an_unasked_language_is_noticed_and_asked_once_more(agent, standin):
    standin.say(WRITERS["german"]({"messages": [{}, {}, {"content": _document(standin, agent)}], **_FORM}))
    standin.asked.clear()
    said, thought = written(agent, case_named("bureau"))
    assert said.executive_summary == GOOD["executive_summary"]
    assert "not in English" in standin.asked[1]["messages"][-1]["content"]
    assert [call.outcome for call in thought.calls] == ["other_language", "answered"]
    assert thought.tokens_used == 690


_FORM = {"response_format": {"json_schema": {"schema": {"properties": {}}}}}


def _document(standin, agent):
    asyncio.run(agent.initial_summary(case_named("bureau")))
    return standin.asked[0]["messages"][2]["content"]


@pytest.mark.parametrize("writer", ["german", "italian"])
def test_where_it_goes_on_so_the_rules_write_and_that_is_told(agent, standin, writer):
    standin.write_by(WRITERS[writer])
    said, thought = written(agent, case_named("bureau"))
    assert (thought.ai_model, len(standin.asked)) == ("rules", 2)
    assert [call.outcome for call in thought.calls] == ["other_language"] * 2
    assert "This is invoice RE-2026-0815" in said.executive_summary
    with pytest.raises(OtherLanguage, match="another language than English, twice"):
        asyncio.run(KraftdAIAgent(agent).summarise_initial(case_named("bureau")))


@pytest.mark.parametrize("language", ["de", "fr", "es"])
@pytest.mark.parametrize("name", ["harbour", "bureau", "part", "paid", "total", "late", "offer"])
def test_a_good_writer_is_not_marked_in_any_language(standin, language, name):
    standin.write_by(WRITERS["obliging"])
    case = case_named(name)
    asked = Case(**{**{f: getattr(case, f) for f in case.__slots__}, "tone": Tone(tone="", language=language),
                    "preferences": UserPreferences()})  # fmt: skip
    _, thought = asyncio.run(KraftdAIAgent(at_openai(standin)).summarise_final(asked))
    assert thought.grounding.language == language
    assert unmarked(thought)


@pytest.mark.parametrize("writer", ["wrong", "contradicting"])
@pytest.mark.parametrize("name", ["harbour", "total", "tax", "sum"])
def test_what_a_wrong_or_contradicting_writer_says_is_marked(standin, writer, name):
    standin.write_by(WRITERS[writer])
    _, thought = written(at_openai(standin), case_named(name))
    grounding = thought.grounding
    marked = {(s.section, s.index) for s in grounding.statements if s.not_found}
    marked |= {(c.section, c.index) for c in grounding.contradictions}
    assert ("executive_summary", 0) in marked
    assert len(marked) >= 3
