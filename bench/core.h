/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside the core module. */
#ifndef MINIRQ_BENCH_CORE_H
#define MINIRQ_BENCH_CORE_H

#include <linux/types.h>

struct bench_device;
struct series;

/* What a device is fired for; see run_fire(). */
struct fire_options {
	const char *kind;
	const char *row;
	unsigned int dpcs;
	unsigned int queued;
	unsigned int rounds;
};

struct series *series_create(const char *side, unsigned int rounds, const char *row,
			     const char *part);
void series_record(struct series *s, u64 value);

void set_message_limit(unsigned int messages);
int run_fire(const struct fire_options *options);
int run_bind(const char *row, unsigned int messages, unsigned int rounds);
int run_connected(const char *row, unsigned int messages, unsigned int rounds);

bool find_doorbell(struct bench_device *dev);
void reap_devices(void);

void memory_count(void);
s64 memory_counted(void);
int memory_init(void);
void memory_exit(void);

#endif /* MINIRQ_BENCH_CORE_H */
