from typing import Self

from providers.recipients.querysets import RecipientQuerySet


class TeacherQuerySet(RecipientQuerySet):
    def at_home_school(self) -> Self:
        return self.filter(is_home=True)
