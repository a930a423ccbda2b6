#include "base/status.h"

#include <stddef.h>

static struct failure first;

status failure_set(status code, uint32_t detail, const char *file, uint32_t line)
{
	if (first.code == STATUS_OK)
		first = (struct failure){.code = code, .detail = detail, .line = line, .file = file};
	return code;
}

const struct failure *failure_first(void)
{
	return first.code == STATUS_OK ? NULL : &first;
}

void failure_reset(void)
{
	first = (struct failure){.code = STATUS_OK};
}
