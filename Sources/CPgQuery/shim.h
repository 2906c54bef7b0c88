// libpg_query 15-4.x: PostgreSQL 15's own grammar (BSD-3-Clause; Debian: libpg-query-dev).
#ifndef FUNDWATCH_CPGQUERY_SHIM_H
#define FUNDWATCH_CPGQUERY_SHIM_H

#include <pg_query.h>

#endif
