/* SPDX-License-Identifier: GPL-2.0-only */
/* What Windows keeps in the registry: from a module parameter, or written. */
#ifndef MINIRQ_CONFIG_H
#define MINIRQ_CONFIG_H

#include <linux/types.h>

struct minirq_config;

char *minirq_config_read(const struct minirq_config *config, const char *owner,
			 const char *device, const char *name);
int minirq_config_write(const char *owner, const char *name, const char *value);
bool minirq_config_has_key(const struct minirq_config *config,
			   const char *owner, const char *device,
			   const char *key);
void minirq_config_stop(void);

#endif /* MINIRQ_CONFIG_H */
