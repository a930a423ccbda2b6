#ifndef SYSTEM_BASE_H
#define SYSTEM_BASE_H

#include <stdint.h>

#define EXPORT __attribute__((visibility("default"), used))

#endif
