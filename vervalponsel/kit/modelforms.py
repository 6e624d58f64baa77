from django import forms


class GivenForm(forms.ModelForm):
    """A form for an object whose ``given`` fields are set by the page; constraints that name them are checked too."""

    given: tuple[str, ...] = ()

    def _get_validation_exclusions(self) -> set[str]:
        return set(super()._get_validation_exclusions()) - set(self.given)  # type: ignore[misc]
