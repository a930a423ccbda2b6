#ifndef NATIVE_NODE_API_H
#define NATIVE_NODE_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the addon uses of Node-API version 6 (https://nodejs.org/api/n-api.html), which has a stable ABI: no headers to install. */

typedef struct napi_env_ *napi_env;
typedef struct napi_value_ *napi_value;
typedef struct napi_callback_info_ *napi_callback_info;
typedef napi_value (*napi_callback)(napi_env env, napi_callback_info info);
typedef int napi_status; /* 0 is success. */

enum { NAPI_UINT32_ARRAY = 6, NAPI_BIGUINT64_ARRAY = 10 };

napi_status napi_get_cb_info(napi_env env, napi_callback_info info, size_t *argc, napi_value *argv, napi_value *receiver, void **data);
napi_status napi_create_function(napi_env env, const char *name, size_t length, napi_callback callback, void *data, napi_value *result);
napi_status napi_create_object(napi_env env, napi_value *result);
napi_status napi_set_named_property(napi_env env, napi_value object, const char *name, napi_value value);
napi_status napi_get_element(napi_env env, napi_value array, uint32_t index, napi_value *result);
napi_status napi_get_array_length(napi_env env, napi_value array, uint32_t *result);
napi_status napi_get_typedarray_info(napi_env env, napi_value array, int *type, size_t *length, void **data, napi_value *buffer, size_t *offset);
napi_status napi_get_value_double(napi_env env, napi_value value, double *result);
napi_status napi_create_double(napi_env env, double value, napi_value *result);
napi_status napi_get_value_bigint_uint64(napi_env env, napi_value value, uint64_t *result, bool *lossless);
napi_status napi_create_bigint_uint64(napi_env env, uint64_t value, napi_value *result);
napi_status napi_throw_range_error(napi_env env, const char *code, const char *message);

#endif
