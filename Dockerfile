FROM python:3.12-slim AS build
WORKDIR /app
RUN python -m venv /venv
COPY requirements.lock .
RUN /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock

FROM python:3.12-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 STATE_DIR=/state
RUN useradd --uid 10001 --create-home shop && mkdir /state && chown shop:shop /state
WORKDIR /app
COPY --from=build /venv /venv
COPY --chown=shop:shop manage.py ./
COPY --chown=shop:shop requirements.lock ./
COPY --chown=shop:shop shop shop
COPY --chown=shop:shop catalog catalog
COPY --chown=shop:shop inventory inventory
COPY --chown=shop:shop promotions promotions
COPY --chown=shop:shop shipping shipping
COPY --chown=shop:shop checkout checkout
COPY --chown=shop:shop templates templates
COPY --chown=shop:shop static static
RUN python -m compileall -q shop catalog inventory promotions shipping checkout
USER shop
VOLUME /state
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["granian", "--interface", "wsgi", "shop.wsgi:application", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", \
     "--blocking-threads", "6", "--respawn-failed-workers", "--backlog", "2048", "--log-level", "warning"]
