# Debian slim, because the packages that bring PostgreSQL and argon2 are built for glibc.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json nest-cli.json ./
COPY src ./src
RUN npm run build && npm prune --omit=dev

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
COPY bin ./bin
COPY config ./config
# Only `dsn: embedded` uses /app/.regain; mount a volume there in that case.
RUN mkdir -m 0700 .regain && chown node:node .regain
USER node
EXPOSE 4433 4434
# With TLS on the admin listener, use https, and NODE_EXTRA_CA_CERTS for a certificate from a private authority.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4434/health/ready').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "bin/regain.js"]
CMD ["serve"]
