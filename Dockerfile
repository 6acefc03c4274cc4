# The portal as an image: `docker compose build` makes it, docker-compose.yml runs it.
# What it is made of is pinned where it is named: Python packages and the font by hash, base images by version.

FROM node:22-slim AS font
WORKDIR /font
COPY package.json package-lock.json .npmrc ./
# The optional dependency is the Meilisearch of the tests; production has a server of its own.
RUN npm ci --omit=optional --ignore-scripts


# The Python version that the whole suite runs on.
FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /srv/portal
ENV PATH=/srv/portal/.venv/bin:$PATH
# Packages change less often than our own code: a layer of their own.
COPY requirements.txt requirements-assets.txt ./
RUN python -m venv .venv \
    && pip install --require-hashes -r requirements.txt \
    && pip install --require-hashes --no-deps -r requirements-assets.txt
# Installed editable, as `make serve` does: pages and seed are read from the folder above the package
# (applicant_portal/settings.py, ROOT), so the layout here is the repository's.
COPY pyproject.toml requirements.in ./
COPY applicant_portal ./applicant_portal
COPY search ./search
COPY recommender ./recommender
COPY templates ./templates
COPY seed_data ./seed_data
COPY --from=font /font/node_modules/@fontsource ./node_modules/@fontsource
# Byte code is written here because nobody can write it later: the running container is read-only.
RUN pip install --no-deps --no-build-isolation --editable . \
    && python -m applicant_portal.kit.assets \
    && rm -r node_modules \
    && python -m compileall -q applicant_portal search recommender


FROM python:3.11-slim
# A fixed number, so that files in volumes belong to the same user after every upgrade. The data folder is made
# here because a new volume takes over owner and rights of the folder it covers.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /var/lib/portal --shell /usr/sbin/nologin portal \
    && install --directory --owner=portal --group=portal --mode=0750 /var/lib/portal
COPY --from=build /srv/portal /srv/portal
WORKDIR /srv/portal
ENV PATH=/srv/portal/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PORTAL_DATA_DIR=/var/lib/portal
USER 10001:10001
EXPOSE 8000
# A first start migrates, seeds and indexes before it listens.
HEALTHCHECK --interval=10s --timeout=5s --retries=3 --start-period=180s \
    CMD ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["portal"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
