from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Accounts come from the ministry's network of data managers: nobody signs up by themselves."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "Akun ini sedang dinonaktifkan. Mintalah dinas mengaktifkannya kembali.",
        "enter_current_password": "Kata sandi sekarang tidak cocok.",
        "incorrect_password": "Kata sandi tidak cocok.",
        "rate_limited": "Terlalu banyak percobaan. Tunggu beberapa menit, lalu coba lagi.",
        "too_many_login_attempts": "Terlalu banyak percobaan. Tunggu beberapa menit, lalu coba lagi.",
        "username_password_mismatch": "Nama pengguna atau kata sandi tidak cocok. Periksa huruf besar dan kecilnya.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
