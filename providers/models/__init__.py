"""What the database keeps of numbers, packages and exchanges."""

from .exchanges import Exchange, ExchangeLine, ExchangePart, LineAnswer, LineReview, NumberCheck
from .records import Entitlement, PhoneRecord, QuestionRequest, SharedNumber, ShareRequest
from .reference import CodeWord, Credential, DateRange, IntRange, Package, Prefix, Provider

__all__ = [
    "CodeWord",
    "Credential",
    "DateRange",
    "Entitlement",
    "Exchange",
    "ExchangeLine",
    "ExchangePart",
    "IntRange",
    "LineAnswer",
    "LineReview",
    "NumberCheck",
    "Package",
    "PhoneRecord",
    "Prefix",
    "Provider",
    "QuestionRequest",
    "ShareRequest",
    "SharedNumber",
]
