# Two stages: the first builds the server and its pages, the second holds what runs.
FROM node:20-bookworm-slim AS build
WORKDIR /cuhuo
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:20-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /cuhuo
RUN useradd --system --create-home cuhuo && mkdir var && chown cuhuo var
COPY --from=build /cuhuo/package.json ./
COPY --from=build /cuhuo/node_modules ./node_modules
COPY --from=build /cuhuo/dist ./dist
COPY --from=build /cuhuo/config ./config
USER cuhuo
EXPOSE 8787
CMD ["node", "dist/main.js", "serve"]
