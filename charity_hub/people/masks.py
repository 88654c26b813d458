"""Personal data as lists show it: enough to recognise, too little to use."""

import re

HIDDEN = "*"


def mask_phone(phone: str) -> str:
    """``138****1234``; a landline or foreign number keeps its first three and last four figures."""
    number = re.split(r"转|分机|ext|x|#", phone.removeprefix("+86"))[0]
    national = re.sub(r"[^0-9+]", "", number)
    if len(national) < 8:
        return HIDDEN * len(national)
    return f"{national[:3]}{HIDDEN * 4}{national[-4:]}"


def mask_id(id_number: str) -> str:
    """``440605********0123``: region and last four of a national ID; other numbers keep less."""
    if len(id_number) <= 10:
        return mask_account(id_number)
    return f"{id_number[:6]}{HIDDEN * (len(id_number) - 10)}{id_number[-4:]}"


def mask_name(name: str) -> str:
    """``陈*``, ``陈**``, ``M***``: the first character and one star for each other one (at most three)."""
    letters = list(name.strip())
    return "".join(letters[:1]) + HIDDEN * min(len(letters) - 1, 3) if letters else ""


def mask_account(number: str) -> str:
    """``**** 0123``: the last four of a bank account or another number."""
    plain = "".join(number.split())
    return f"{HIDDEN * 4} {plain[-4:]}" if len(plain) > 4 else HIDDEN * len(plain)
