from typing import Self

from providers.recipients.querysets import RecipientQuerySet


class StudentQuerySet(RecipientQuerySet):
    def in_class(self, class_name: str) -> Self:
        return self.filter(class_name=class_name)
