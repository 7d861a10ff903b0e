"""CAMT.053 and CSV of several banks come to the same entries; what is no statement gets a sentence, never a 500."""

from datetime import date
from decimal import Decimal

import pytest

from checkout.payments.transfer.statement import UnreadableStatement, read_statement
from tests.checkout.transfer.bank import PAYER, camt

pytestmark = pytest.mark.feature("PA11")

OURS = "DE02120300000000202051"
GERMAN = (
    "Buchungstag;Name Zahlungsbeteiligter;IBAN Zahlungsbeteiligter;Verwendungszweck;Betrag;Waehrung\n"
    f"20.11.2026;Ada Lovelace;{PAYER};RF12 LL7K;1.224,90;EUR\n"
    "21.11.2026;Post;;Porto;-9,99;EUR\n\n"
)
ENGLISH = f'\ufeffdate,amount,currency,name,iban,text\n2026-11-20,"1,224.90",EUR,Ada Lovelace,{PAYER},RF12 LL7K\n'


def read(content: bytes) -> list[tuple[date, Decimal, str, str, str]]:
    return [
        (one.booked_on, one.amount, one.payer_name, one.payer_iban, one.text)
        for _, one in read_statement(content, our_iban=OURS)
    ]


WANTED = (date(2026, 11, 20), Decimal("1224.90"), "Ada Lovelace", PAYER, "RF12 LL7K")


@pytest.mark.parametrize(
    "content",
    [GERMAN.encode("cp1252"), GERMAN.encode(), ENGLISH.encode(), camt(("1224.90", "RF12 LL7K"), iban=OURS)],
    ids=["German CSV, old letters", "German CSV", "English CSV", "CAMT"],
)
def test_every_format_comes_to_the_same_entry(content: bytes) -> None:
    assert read(content)[0] == WANTED


def test_money_that_left_is_negative_in_every_format() -> None:
    assert read(GERMAN.encode())[1][1] == read(camt(("-9.99", "Porto"), iban=OURS))[0][1] == Decimal("-9.99")


def test_a_batch_is_read_by_its_transfers() -> None:
    details = "".join(
        f'<TxDtls><Refs><AcctSvcrRef>{n}</AcctSvcrRef></Refs><Amt Ccy="EUR">{n}.00</Amt><RmtInf><Strd><CdtrRefInf>'
        f"<Ref>RF{n}</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>"
        for n in (1, 2)
    )
    content = (
        f"<Document><BkToCstmrStmt><Stmt><Acct><Id><IBAN>{OURS}</IBAN></Id></Acct><Ntry><Amt Ccy='EUR'>3.00</Amt>"
        f"<CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-11-20</Dt></BookgDt><NtryDtls>{details}</NtryDtls></Ntry>"
        "</Stmt></BkToCstmrStmt></Document>"
    )
    assert [(amount, text) for _, amount, _, _, text in read(content.encode())] == [
        (Decimal("1.00"), "RF1"),
        (Decimal("2.00"), "RF2"),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no column for date"),
        (b"\x00\x01", "no text"),
        (b"<Document>", "not well-formed XML"),
        (b"<Document/>", "holds no statement"),
        (camt(("1.00", "x"), iban=PAYER), "not of ours"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "not well-formed XML"),
        (b"date,amount,text\n2026-13-01,1.00,x\n", "The date of line 2 is '2026-13-01'"),
        (b"date,amount,text\n2026-11-01,1.005,x\n", "The amount of line 2 is '1.005'"),
        (b"date,amount,text\n2026-11-01,NaN,x\n", "The amount of line 2"),
        (b"date,amount,text\n2026-11-01,1e99,x\n", "The amount of line 2"),
        (b"date,amount,text\n", "holds no entries"),
        (b"what,ever\n1,2\n", "it has: what, ever"),
    ],
)
def test_what_is_no_statement_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableStatement, match=words):
        read_statement(content, our_iban=OURS)


def test_the_same_transfer_twice_on_a_day_is_two_entries_in_any_file() -> None:
    csv = b"date,amount,text\n2026-11-20,5.00,hello\n2026-11-20,5.00,hello\n"
    keys = [key for key, _ in read_statement(csv, our_iban=OURS)]
    assert len(set(keys)) == 2
    assert keys == [key for key, _ in read_statement(csv + b"2026-11-21,1.00,x\n", our_iban=OURS)][:2]
