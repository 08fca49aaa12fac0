"""Which values are people's, by the names of their keys."""

import pytest

from engine.recording.fields import Kind, is_machine, is_somebody, kind_by_field, kind_by_key


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("email", "email"), ("emailAddress", "email"), ("user_email", "email"), ("secondary-mail", "email"),
        ("userPrincipalName", "email"), ("phone", "phone"), ("MobileNumber", "phone"), ("work_phone1", "phone"),
        ("username", "login"), ("login_id", "login"), ("nickname", "login"), ("lastip", "machine"),
        ("remote_addr", "machine"), ("firstName", "name"), ("last_name", "name"), ("sortable_name", "name"),
        ("{http://x}FamilyName", "name"), ("ns:givenName", "name"), ("instructor_name", "name"), ("street", "place"),
        ("zip", "place"), ("PostalCode", "place"), ("date_of_birth", "place"), ("address2", "place"),
        ("ssn", "place"), ("nationalId", "place"), ("passport_number", "place"), ("TaxID", "place"), ("iban", "place"),
        ("birth_year", "place"), ("tel", "phone"), ("nick", "login"), ("skype_id", "login"),
    ],
)  # fmt: skip
def test_keys_that_are_of_a_person_wherever_they_stand(key: str, kind: Kind) -> None:
    assert kind_by_key(key) == kind


@pytest.mark.parametrize(
    "key",
    ["id", "name", "title", "course_name", "shortname", "display_name", "user_id", "status", "email_verified", "code",
     "description", "state", "url", "uid", "user", "filename", "hostname_id", "category_name", "session", "national",
     "handled", "cn", "line1", "employee_number", "sorted_by"],
)  # fmt: skip
def test_keys_that_are_of_anything(key: str) -> None:
    assert kind_by_key(key) is None


def test_a_mere_name_is_a_persons_beside_and_below_what_is_of_people() -> None:
    assert kind_by_key("name", frozenset({"id", "email"})) == "name"
    assert kind_by_key("displayName", frozenset({"id"}), "owner") == "name"
    assert kind_by_key("name", frozenset({"id"}), "assigned_by") == "name"
    assert kind_by_key("name", frozenset({"id", "email_count"}), "category") is None
    assert kind_by_key("title", frozenset({"email"}), "user") is None
    assert kind_by_key("display", frozenset({"id"}), "approver") == "name"
    assert kind_by_key("cn", frozenset({"mail"})) == "name"


def test_a_line_is_of_an_address_below_one() -> None:
    assert kind_by_key("line1", frozenset(), "homeAddresses") == "place"
    assert kind_by_key("line1", frozenset(), "order") is None


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("instructors", "Emmy Noether"), ("learner", "Katherine Johnson"), ("Student", "Jackson, Mary W."),
        ("approved_by", "Ludwig van der Rohe"), ("owner", "Miles O'Brien"), ("user", "李小龙"),
        ("author", "Иван Петров"),
    ],
)  # fmt: skip
def test_a_text_where_people_are_is_a_name_where_it_is_written_as_one(key: str, text: str) -> None:
    assert is_somebody(key, text)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("course", "Emmy Noether"), ("owner", "system"), ("user", "7"), ("student", "Group 7 East"),
        ("profile", "Standard"),
        ("author", "by one of our many colleagues in The North"), ("actor", "x y"), ("member", "Ü"),
    ],
)  # fmt: skip
def test_another_text_is_not(key: str, text: str) -> None:
    assert not is_somebody(key, text)


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("user.name", "name"), ("user.emails", "email"), ("first_name", "name"), ("username", "login"),
        ("manager.name", "name"), ("phones", "phone"), ("custom_fields.login", "login"), ("user.id", None),
        ("course.title", None), ("organization.name", None), ("job_title", None), ("custom_fields.score", None),
    ],
)  # fmt: skip
def test_fields_of_the_model_that_are_of_a_person(field: str, kind: Kind | None) -> None:
    assert kind_by_field(field) == kind


@pytest.mark.parametrize("text", ["10.2.3.4", "2a00:1450::1"])
def test_addresses_of_machines(text: str) -> None:
    assert is_machine(text)


@pytest.mark.parametrize("text", ["127.0.0.1", "::1", "::", "300.1.1.1", "1.2.3", "12:30:45", "a.b.c.d"])
def test_what_is_no_address_of_anybodys_machine(text: str) -> None:
    assert not is_machine(text)
