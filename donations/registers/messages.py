"""The reader's codes in words: what is wrong with a row or a file, and what to do about it."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donations.registers.reading.results import BadFile, Field

type Text = str | Promise

FIELD_NAMES: Mapping[str, Text] = {
    Field.SERIAL: gettext_lazy("Serial number"),
    Field.DATE: gettext_lazy("Date"),
    Field.YEAR: gettext_lazy("Date: year"),
    Field.MONTH: gettext_lazy("Date: month"),
    Field.DAY: gettext_lazy("Date: day"),
    Field.DONOR: gettext_lazy("Donor"),
    Field.KIND: gettext_lazy("Person, organization or anonymous"),
    Field.PHONE: gettext_lazy("Phone"),
    Field.ID_NUMBER: gettext_lazy("ID or credit code"),
    Field.AMOUNT: gettext_lazy("Amount"),
    Field.CAPITALS: gettext_lazy("Amount in words"),
    Field.UNIT: gettext_lazy("Unit of the amount"),
    Field.CURRENCY: gettext_lazy("Currency"),
    Field.PAID_OUT: gettext_lazy("Paid out or refunded"),
    Field.DIRECTION: gettext_lazy("In or out"),
    Field.STATUS: gettext_lazy("Whether the money came"),
    Field.WAY: gettext_lazy("Way of giving"),
    Field.PURPOSE: gettext_lazy("Purpose"),
    Field.PUBLISH_NAME: gettext_lazy("Name may be published"),
    Field.PUBLISH_AMOUNT: gettext_lazy("Amount may be published"),
    Field.STAY_ANONYMOUS: gettext_lazy("Wants to stay anonymous"),
    Field.RECEIPT: gettext_lazy("Official receipt number"),
    Field.HANDLER: gettext_lazy("Handled by"),
    Field.NOTE: gettext_lazy("Note"),
}

SKIPPED_BECAUSE: Mapping[str, Text] = {
    "total": gettext_lazy("A total"),
    "note": gettext_lazy("A note or signature"),
    "head": gettext_lazy("Repeated header"),
    "paid_out": gettext_lazy("A payment that went out, or between own accounts"),
}

# What is wrong, and how to mend it.
_PROBLEMS: Mapping[str, tuple[Text, Text]] = {
    "date_missing": (gettext_lazy("The date is missing."), gettext_lazy("Enter the day of the gift.")),
    "date_unclear": (
        gettext_lazy("“%(value)s” is not a date."),
        gettext_lazy("Write the day with year, month and day, like 2025-03-05."),
    ),
    "date_impossible": (
        gettext_lazy("The calendar has no day “%(value)s”."),
        gettext_lazy("Correct the day or the month."),
    ),
    "date_without_year": (
        gettext_lazy("“%(value)s” has no year, and the register does not tell it."),
        gettext_lazy("Write the date with its year, like 2025-03-05."),
    ),
    "date_day_or_month": (
        gettext_lazy("In “%(value)s” it is not clear which is the day and which the month."),
        gettext_lazy("Write the date with the year first, like 2025-03-05."),
    ),
    "date_in_future": (
        gettext_lazy("The date “%(value)s” is in the future."),
        gettext_lazy("Correct the date; record future gifts once they are made."),
    ),
    "date_year_turned": (
        gettext_lazy(
            "“%(value)s” is more than half a year before the row above: its year may differ from "
            "the one in the title."
        ),
        gettext_lazy("Write this date and those below it with their year, like 2025-03-05."),
    ),
    "date_zone": (
        gettext_lazy("“%(value)s” is a day of another time zone without the time; here it may be the next."),
        gettext_lazy("Write the day as it was in China, like 2025-03-05."),
    ),
    "date_too_old": (
        gettext_lazy("The date “%(value)s” is before the year 2000."),
        gettext_lazy("Correct the year."),
    ),
    "date_in_closed_month": (
        gettext_lazy("The books of the month of “%(value)s” are closed."),
        gettext_lazy("Ask the charity how to record this gift, or record it with a later date and a note."),
    ),
    "amount_missing": (
        gettext_lazy("The amount is missing."),
        gettext_lazy("Enter the amount; a gift of goods does not belong in this register."),
    ),
    "amount_unclear": (
        gettext_lazy("“%(value)s” is not one clear amount."),
        gettext_lazy("Write the amount in figures, like 1000.00; one gift a row."),
    ),
    "amount_error": (
        gettext_lazy("The cell shows the error “%(value)s” instead of an amount."),
        gettext_lazy("Fix the formula in Excel, or type the amount."),
    ),
    "amount_formula": (
        gettext_lazy("The cell contains the formula “%(value)s” without its result."),
        gettext_lazy("Open the register in Excel or WPS and save it, or type the amount."),
    ),
    "amount_currency": (
        gettext_lazy("“%(value)s” is not in yuan."),
        gettext_lazy("Enter what the bank credited in yuan."),
    ),
    "amount_currency_unknown": (
        gettext_lazy("The register has a column for the currency, and here it is empty."),
        gettext_lazy("Fill in the currency: 人民币 for yuan."),
    ),
    "amount_unit": (
        gettext_lazy("It is not clear in which unit the amount counts."),
        gettext_lazy("Write 元 or 万元 in the title or in the column of units."),
    ),
    "amount_decimals": (
        gettext_lazy("“%(value)s” has more than two decimals."),
        gettext_lazy("Enter the amount received, to the fen."),
    ),
    "amount_not_positive": (
        gettext_lazy("The amount “%(value)s” is not more than zero."),
        gettext_lazy("Enter the amount given. To undo a gift recorded before, void that gift."),
    ),
    "amount_too_large": (
        gettext_lazy("The amount “%(value)s” is above ¥100,000,000."),
        gettext_lazy("Check the number of zeros and the unit (元 or 万元)."),
    ),
    "amount_is_no_number": (
        gettext_lazy("“%(value)s” is entered in place of the amount."),
        gettext_lazy("Enter the amount in figures."),
    ),
    "amount_twice": (
        gettext_lazy("The row has more than one amount."),
        gettext_lazy("Give each gift a row of its own."),
    ),
    "amount_differs_in_words": (
        gettext_lazy("The amount in figures, “%(value)s”, differs from the amount in words."),
        gettext_lazy("Correct the one that is wrong."),
    ),
    "donor_missing": (
        gettext_lazy("The donor is missing."),
        gettext_lazy("Enter the name, or write 匿名 if the donor did not give one."),
    ),
    "donor_too_long": (
        gettext_lazy("The donor's name is longer than 120 characters."),
        gettext_lazy("Shorten the name; put the rest in the note."),
    ),
    "donor_no_name": (
        gettext_lazy("“%(value)s” is not a name."),
        gettext_lazy("Enter the name, or write 匿名 if the donor did not give one."),
    ),
    "purpose_unknown": (
        gettext_lazy("“%(value)s” is not a purpose of this fund."),
        gettext_lazy("Use one of: %(purposes)s; or leave the cell empty."),
    ),
    "purpose_missing": (
        gettext_lazy("The purpose is missing, and this fund has no unrestricted money."),
        gettext_lazy("Use one of: %(purposes)s."),
    ),
    "purpose_twice": (
        gettext_lazy("The row is marked for more than one purpose: %(value)s."),
        gettext_lazy("Give each purpose a row of its own, with its amount."),
    ),
    "not_received": (
        gettext_lazy("The row says that the money did not come, or was given back: “%(value)s”."),
        gettext_lazy("Remove the row; if the money has arrived, correct this cell."),
    ),
    "way_goods": (
        gettext_lazy("“%(value)s” is a gift of goods, not of money."),
        gettext_lazy("Remove the row; goods are recorded separately."),
    ),
    "donor_elsewhere": (
        gettext_lazy("Another column for the donor says “%(value)s”."),
        gettext_lazy("Take it if the donor shown here is the one who gave."),
    ),
    "struck_out": (
        gettext_lazy("This row is struck out, or a part of it."),
        gettext_lazy("Take it if the gift counts as it stands here."),
    ),
    "hidden_row": (
        gettext_lazy("This row is hidden in the sheet."),
        gettext_lazy("Take it if the gift counts."),
    ),
    "formula": (
        gettext_lazy("The cell contains the formula “%(value)s” without its result."),
        gettext_lazy("Open the register in Excel or WPS and save it, or type what the cell should say."),
    ),
    "amount_shown_otherwise": (
        gettext_lazy("The sheet shows “%(value)s”, and the cell holds another number."),
        gettext_lazy("Type the amount in yuan, in figures."),
    ),
    "void": (
        gettext_lazy("The row is marked as void."),
        gettext_lazy("Remove the row, or delete that remark if the gift is valid."),
    ),
    "may_be_void": (
        gettext_lazy("“%(value)s”: does this gift still count?"),
        gettext_lazy("Record it if the money came and stayed."),
    ),
    "status_unclear": (
        gettext_lazy("“%(value)s” does not say clearly whether the money came."),
        gettext_lazy("Record it if the money came and stayed."),
    ),
    "status_missing": (
        gettext_lazy("Other rows say that their money came; this one does not."),
        gettext_lazy("Record it if the money came and stayed."),
    ),
    "direction_unclear": (
        gettext_lazy("“%(value)s” does not say whether the money came in or went out."),
        gettext_lazy("Record it if the money came in."),
    ),
    "paid_out_too": (
        gettext_lazy("Besides the amount, “%(value)s” is entered as paid out or refunded."),
        gettext_lazy("Record it if the whole amount came and stayed."),
    ),
    "pledged": (
        gettext_lazy("The title says that “%(value)s” was promised, not that it came."),
        gettext_lazy("Record it if the money came."),
    ),
    "amount_elsewhere": (
        gettext_lazy("Another column for the amount says “%(value)s”."),
        gettext_lazy("Record it if the amount shown here is the one that came."),
    ),
    "currency_in_note": (
        gettext_lazy("The note mentions another currency: “%(value)s”."),
        gettext_lazy("Record it if the amount is the one in yuan."),
    ),
    "purpose_elsewhere": (
        gettext_lazy("“%(value)s” may restrict the gift to another purpose."),
        gettext_lazy(
            "Record it if the purpose shown here is right; else write it into the column of purposes."
        ),
    ),
    "purpose_in_title": (
        gettext_lazy("The title speaks of “%(value)s”, and this row names no purpose."),
        gettext_lazy("Record it if the gift is not restricted; else add a column for the purpose."),
    ),
    "id_of_several": (
        gettext_lazy("The ID or credit code “%(value)s” is given for different names."),
        gettext_lazy("Keep it for the person whose document shows it; record the others without it."),
    ),
    "name_hidden": (
        gettext_lazy("“%(value)s” is hardly a whole name."),
        gettext_lazy("Record it if the donor wants to be known by it; else complete the name."),
    ),
    "double": (
        gettext_lazy("Same donor, day and amount as row %(value)s."),
        gettext_lazy("Record it if it is another gift."),
    ),
    "twin": (
        gettext_lazy("Same donor, day and amount as gift %(value)s."),
        gettext_lazy("Record it if it is another gift."),
    ),
    "recorded_before": (
        gettext_lazy("An equal row was recorded from an earlier register."),
        gettext_lazy("Record it if it is another gift."),
    ),
    "id_of_another": (
        gettext_lazy(
            "The ID or credit code “%(value)s” is on file, perhaps under another name; it is left empty."
        ),
        gettext_lazy("Record it if the name is right; compare the ID with the document."),
    ),
    "several_people": (
        gettext_lazy("“%(value)s” names more than one person."),
        gettext_lazy("Record it if they gave together; else give each a row."),
    ),
    "id_unusable": (
        gettext_lazy("The ID or credit code “%(value)s” is not valid; it is left empty."),
        gettext_lazy("Compare it with the document."),
    ),
    "phone_unusable": (
        gettext_lazy("“%(value)s” is not a phone number; it is left empty."),
        gettext_lazy("Compare it with the paper register."),
    ),
    "phone_shortened": (
        gettext_lazy("Excel has cut the phone number short to “%(value)s”; it is left empty."),
        gettext_lazy("Format the column as text in Excel and type the number again."),
    ),
    "id_shortened": (
        gettext_lazy("Excel has cut the ID number short to “%(value)s”; it is left empty."),
        gettext_lazy("Format the column as text in Excel and type the number again."),
    ),
    "way_unclear": (
        gettext_lazy(
            "The way of giving “%(value)s” is not recognized; the default way of this register is used."
        ),
        gettext_lazy("Write cash, bank transfer, WeChat or Alipay, or cheque."),
    ),
    "consent_unclear": (
        gettext_lazy("“%(value)s” is neither yes nor no; nothing is published."),
        gettext_lazy("Write 同意 or 不同意."),
    ),
    "receipt_too_long": (
        gettext_lazy("The receipt number “%(value)s” is longer than 40 characters; it is left empty."),
        gettext_lazy("Write the number alone."),
    ),
}

_FILES: Mapping[str, Text] = {
    "empty": gettext_lazy("There is nothing in this file. Choose the register and send it again."),
    "too_large": gettext_lazy(
        "This file is larger than %(limit)s MB. Send the register in parts, one for each year or month."
    ),
    "damaged": gettext_lazy(
        "This file is damaged and cannot be opened. Open it in Excel or WPS, save it as .xlsx "
        "and send it again."
    ),
    "encrypted": gettext_lazy(
        "This workbook is protected by a password. Save it without the password and send it again."
    ),
    "macros": gettext_lazy(
        "This workbook contains macros. Save it without macros (.xlsx) and send it again."
    ),
    "unfolds_too_far": gettext_lazy(
        "This file unpacks to far more than a register should. Copy the register into a new "
        "workbook and send that."
    ),
    "coding_unclear": gettext_lazy(
        "It is not clear in which encoding this text was saved. Save it as .xlsx, or as csv in UTF-8, "
        "and send it again."
    ),
    "not_a_workbook": gettext_lazy(
        "This is not an Excel workbook or a csv table, whatever its name. Save the register as "
        ".xlsx and send it again."
    ),
    "program": gettext_lazy(
        "This is a program, not a register. Programs are not accepted, whatever their name."
    ),
    "pdf": gettext_lazy("This is a PDF, not a table. Send the Excel workbook from which it was printed."),
    "picture": gettext_lazy(
        "This is a picture, not a table. Send the Excel workbook, or type the rows into the template."
    ),
    "packed": gettext_lazy("This is an archive. Unpack it and send the workbook inside."),
    "web_page": gettext_lazy(
        "This is a web page or XML under the name of a workbook, as some systems export it. "
        "Open it in Excel or WPS, save it as .xlsx and send it again."
    ),
    "too_many_rows": gettext_lazy(
        "This sheet has more than %(limit)s rows. Send the register in parts, one for each year or month."
    ),
    "too_wide": gettext_lazy(
        "This sheet is far wider than a register (more than %(limit)s columns). Delete the "
        "content far to the right and send it again."
    ),
    "too_much": gettext_lazy(
        "Reading this file takes far more than a register should. Copy the register's rows into a new "
        "workbook and send that."
    ),
    "formulas_without_values": gettext_lazy(
        "This workbook has formulas without results. Open it in Excel or WPS, save it and send it again."
    ),
    "no_such_sheet": gettext_lazy("There is no sheet “%(name)s” in this workbook. It has: %(names)s."),
    "no_head": gettext_lazy(
        "No sheet looks like a register: there must be a line of titles with at least the donor "
        "or the date, and the amount. Add the titles, or copy the rows into the template."
    ),
}


type Found = Sequence[Sequence[str]]  # the code of each problem, and the value that has it


def reasons(found: Found) -> str:
    """What is wrong, in sentences."""
    return " ".join(str(_PROBLEMS[code][0]) % {"value": value} for code, value in found)


def remedies(found: Found, purposes: Sequence[str] = ()) -> str:
    """What to do about it, in sentences."""
    named = {"purposes": "、".join(purposes)}
    return " ".join(str(_PROBLEMS[code][1]) % named for code, _value in found)


def about_file(bad: BadFile) -> str:
    """Why a file is refused and what to send instead."""
    return str(_FILES[bad.code]) % bad.facts


def meaning_name(meaning: str) -> str:
    """What a column holds, in words: “Amount”, “Amount, when WeChat”."""
    name, _colon, rest = meaning.partition(":")
    if name == "way" and rest:
        from donations.money.models import Way

        return _("Amount or tick for: %(what)s") % {"what": Way(rest).label}
    if name == "purpose" and rest:
        return _("Amount or tick for: %(what)s") % {"what": rest}
    if name == "coin" and rest:
        return _("One figure of the amount")
    return str(FIELD_NAMES.get(name, ""))
