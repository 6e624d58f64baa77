"""How forms come out: Django's own rendering with this project's templates."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString


class FormRenderer(TemplatesSetting):
    """`{{ form }}` and `{{ field.as_field_group }}` with label, help and error beside the field."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/form_field.html"


class QuickSelect(forms.Select):
    """Django's own select, written without a template for every option: a filter has dozens of them on every page."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The same letters as ``forms.Select`` gives; a test compares them."""
        widget = self.get_context(name, value, attrs)["widget"]
        lines = [f'<select name="{escape(widget["name"])}"{_written(widget["attrs"])}>']
        for group, options, _ in widget["optgroups"]:
            lines += [f'  <optgroup label="{escape(group)}">'] if group else []
            for option in options:
                label = escape(option["label"])
                lines.append(
                    f'  <option value="{escape(option["value"])}"{_written(option["attrs"])}>{label}</option>\n'
                )
            lines += ["  </optgroup>"] if group else []
        return SafeString("\n".join([*lines, "</select>"]))


def _written(attrs: dict[str, Any]) -> str:
    """Attributes as Django writes them."""
    said = ((name, value) for name, value in attrs.items() if value is not False)
    return "".join(f" {name}" if value is True else format_html(' {}="{}"', name, value) for name, value in said)
