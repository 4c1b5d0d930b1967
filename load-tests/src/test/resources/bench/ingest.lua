-- SPDX-License-Identifier: Apache-2.0
-- A webhook endpoint on nginx + Lua, as well as we can write one: HMAC-SHA-256 of libcrypto with the key set up once,
-- pooled connections to Redis, one round trip per notification, 200 after Redis has answered every XADD.

local ffi = require "ffi"
local cjson = require "cjson"
local redis = require "nginx.redis"

-- This file is loaded once per worker; what follows is kept in a module of its own between requests.
local ingest = package.loaded["spillway.ingest"]
if not ingest then
    ffi.cdef [[
        typedef struct evp_md_st EVP_MD;
        typedef struct hmac_ctx_st HMAC_CTX;
        const EVP_MD *EVP_sha256(void);
        HMAC_CTX *HMAC_CTX_new(void);
        int HMAC_Init_ex(HMAC_CTX *ctx, const void *key, int len, const EVP_MD *md, void *engine);
        int HMAC_Update(HMAC_CTX *ctx, const unsigned char *data, size_t len);
        int HMAC_Final(HMAC_CTX *ctx, unsigned char *md, unsigned int *len);
        int CRYPTO_memcmp(const void *a, const void *b, size_t len);
        unsigned char *ngx_hex_dump(unsigned char *dst, const unsigned char *src, size_t len);
    ]]
    local crypto = ffi.load("libcrypto.so.3")
    local mac = crypto.HMAC_CTX_new()
    local digest = ffi.new("unsigned char[32]")
    local hex = ffi.new("unsigned char[64]")
    local length = ffi.new("unsigned int[1]")
    local secret = ngx.var.app_secret
    crypto.HMAC_Init_ex(mac, secret, #secret, crypto.EVP_sha256(), nil)

    ingest = { port = tonumber(ngx.var.redis_port), pool = { pool_size = 512 } }

    -- No other request runs between these lines: a worker has one thread, and nothing here yields.
    function ingest.genuine(body, header)
        if not header or #header ~= 71 or header:sub(1, 7) ~= "sha256=" then
            return false
        end
        crypto.HMAC_Init_ex(mac, nil, 0, nil, nil)
        crypto.HMAC_Update(mac, body, #body)
        crypto.HMAC_Final(mac, digest, length)
        ffi.C.ngx_hex_dump(hex, digest, 32)
        return crypto.CRYPTO_memcmp(hex, header:sub(8), 64) == 0
    end

    local streams = {}
    for shard = 0, 15 do
        streams[shard] = "nginx:in:" .. shard
    end

    function ingest.stream(sender)
        return streams[ngx.crc32_short(sender) % 16]
    end

    package.loaded["spillway.ingest"] = ingest
end

ngx.req.read_body()
local body = ngx.req.get_body_data()
if not body or not ingest.genuine(body, ngx.var.http_x_hub_signature_256) then
    return ngx.exit(401)
end

local notification = cjson.decode(body)
local connection = redis:new()
connection:set_timeout(4000)
local connected = connection:connect("127.0.0.1", ingest.port, ingest.pool)
if not connected then
    return ngx.exit(503)
end

local entries = notification.entry
local alone = #entries == 1 and #entries[1].messaging == 1
local stored
if alone then
    -- The body itself is the event: no need to write the JSON again.
    local event = entries[1].messaging[1]
    stored = connection:xadd(ingest.stream(event.sender.id), "*", "id", event.message.mid, "event", body)
else
    connection:init_pipeline()
    for _, entry in ipairs(entries) do
        for _, event in ipairs(entry.messaging) do
            connection:xadd(
                ingest.stream(event.sender.id), "*", "id", event.message.mid, "event", cjson.encode(event))
        end
    end
    local replies = connection:commit_pipeline()
    stored = replies
    for _, reply in ipairs(replies or {}) do
        stored = stored and type(reply) == "string"
    end
end
if not stored then
    connection:close()
    return ngx.exit(503)
end
connection:set_keepalive(60000, 512)
ngx.header["Content-Length"] = 14
ngx.print("EVENT_RECEIVED")
