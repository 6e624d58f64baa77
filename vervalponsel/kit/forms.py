"""How forms come out: Django's own rendering with this project's templates."""

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """`{{ form }}` and `{{ field.as_field_group }}` with label, help and error beside the field."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/form_field.html"
