# One image for every role: web, worker, beat, migration and the simulated providers differ in their command alone.

FROM python:3.11-slim-bookworm AS build
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /app
COPY pyproject.toml uv.lock ./
# Neither the tests' tools nor the embedded servers belong into production.
RUN uv sync --frozen --no-default-groups
COPY manage.py ./
COPY vervalponsel vervalponsel
COPY schools schools
COPY providers providers
COPY students students
COPY teachers teachers
COPY sptjm sptjm
COPY templates templates
COPY static static
RUN SECRET_KEY=unused-while-building VAR_DIR=/tmp/build STATIC_ROOT=/app/static-served \
    DATABASE_URL=postgresql:// REDIS_URL=redis:// \
    .venv/bin/python manage.py collectstatic --no-input && rm -rf /tmp/build

FROM python:3.11-slim-bookworm
# WeasyPrint's text layout, and a font with the letters that Indonesian names use.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin app \
    && install -d -o app -g app -m 700 /data
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    VAR_DIR=/data STATIC_ROOT=/app/static-served DJANGO_SETTINGS_MODULE=vervalponsel.settings
USER app
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "--config", "python:vervalponsel.webserver", "vervalponsel.wsgi"]
