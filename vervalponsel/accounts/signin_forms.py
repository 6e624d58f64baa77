"""allauth's forms in this project's words; what they check and do stays theirs."""

from typing import Any

from allauth.account import forms

_LABELS = {
    "login": "Nama pengguna",
    "password": "Kata sandi",
    "oldpassword": "Kata sandi sekarang",
    "password1": "Kata sandi baru",
    "password2": "Kata sandi baru, sekali lagi",
    "email": "Alamat surel",
}
_STRONG = "Sedikitnya 10 huruf atau angka, tidak semuanya angka, dan tidak mirip nama Anda."


class PlainWords:
    """Labels that say what to type; no placeholder, which would vanish while one types."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = _LABELS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
            if name == "password1":
                field.help_text = _STRONG


class LoginForm(PlainWords, forms.LoginForm):
    """Signing in."""


class ChangePasswordForm(PlainWords, forms.ChangePasswordForm):
    """Changing one's own password."""


class SetPasswordForm(PlainWords, forms.SetPasswordForm):
    """A first password for an account that came without one."""


class ResetPasswordForm(PlainWords, forms.ResetPasswordForm):
    """Asking for a link to make a new password."""


class ResetPasswordKeyForm(PlainWords, forms.ResetPasswordKeyForm):
    """Making a new password after such a link."""


class AddEmailForm(PlainWords, forms.AddEmailForm):
    """One more address of one's own."""


class ReauthenticateForm(PlainWords, forms.ReauthenticateForm):
    """The password once more, before something that matters."""
