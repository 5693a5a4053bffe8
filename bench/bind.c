// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rows about a whole device: what binding and registering its messages takes,
 * and whether an interrupt costs more when many are connected. The devices are
 * those that have a driver waiting and are not bound yet.
 */
#include "bench.h"
#include "core.h"

#include <linux/device.h>
#include <linux/export.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

struct bench_times bench_times;
EXPORT_SYMBOL_GPL(bench_times);

enum { BIND, REGISTER, UNBIND, BYTES, PARTS };

static const char * const parts[PARTS] = {
	[BIND] = ".bind",
	[REGISTER] = ".register",
	[UNBIND] = ".unbind",
	[BYTES] = ".bytes",
};

#define DEVICES_MAX	4

/* The device of a side, and what its rounds took. */
struct candidate {
	struct pci_dev *pdev;
	struct series *s[PARTS];
};

/* The side's name is what its driver's begins with. */
static const char *side_of(struct pci_dev *pdev)
{
	static const char * const sides[] = { "native", "wdm", "ndis", "storport" };
	const char *name = pdev->dev.driver->name + strlen("bench_");
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sides); i++)
		if (!strcmp(name, sides[i]))
			return sides[i];
	return "other";
}

static int bind(struct pci_dev *pdev)
{
	int bound = device_attach(&pdev->dev);

	return bound > 0 ? 0 : bound ?: -ENODEV;
}

static int count_bytes(const struct candidate *c)
{
	int err;

	memory_count();
	err = bind(c->pdev);
	series_record(c->s[BYTES], max_t(s64, memory_counted(), 0));
	if (!err)
		device_release_driver(&c->pdev->dev);
	return err;
}

static int bind_round(const struct candidate *c)
{
	u64 start;
	int err;

	bench_times = (struct bench_times){ };
	start = bench_now();
	err = bind(c->pdev);
	if (err)
		return err;
	series_record(c->s[BIND], bench_now() - start - bench_times.repeated);
	series_record(c->s[REGISTER], bench_times.registered);
	start = bench_now();
	device_release_driver(&c->pdev->dev);
	series_record(c->s[UNBIND], bench_now() - start);
	return 0;
}

/* Once without looking: it warms up, and tells whose device it is. */
static int prepare(struct candidate *c, const char *row, unsigned int rounds)
{
	int err = bind(c->pdev);
	unsigned int i;

	if (err)
		return err;
	for (i = 0; i < PARTS; i++) {
		c->s[i] = series_create(side_of(c->pdev), rounds, row, parts[i]);
		if (!c->s[i])
			err = -ENOMEM;
	}
	device_release_driver(&c->pdev->dev);
	return err;
}

/* What the last round left for later, as the interrupt descriptors it freed. */
static void settle(void)
{
	reap_devices();
	rcu_barrier();
	cond_resched();
}

static struct pci_dev *next_device(struct pci_dev *pdev)
{
	do
		pdev = pci_get_class(PCI_CLASS_STORAGE_EXPRESS, pdev);
	while (pdev && pdev->dev.driver);
	return pdev;
}

static unsigned int choose(struct candidate chosen[DEVICES_MAX])
{
	struct pci_dev *pdev = NULL;
	unsigned int n = 0;

	while (n < DEVICES_MAX && (pdev = next_device(pdev)))
		chosen[n++].pdev = pci_dev_get(pdev);
	pci_dev_put(pdev);
	return n;
}

static int bind_each(struct candidate *c, unsigned int count, const char *row,
		     unsigned int rounds)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < count && !err; i++)
		err = prepare(&c[i], row, rounds) ?: count_bytes(&c[i]);
	for (i = 0; i < count * rounds && !err; i++) {
		settle();
		err = bind_round(&c[i % count]);
	}
	return err;
}

/* Bind and unbind each device in turn, with so many messages. */
int run_bind(const char *row, unsigned int messages, unsigned int rounds)
{
	struct candidate chosen[DEVICES_MAX];
	unsigned int n = choose(chosen);
	int err = n ? 0 : -ENODEV;

	set_message_limit(messages);
	if (!err)
		err = bind_each(chosen, n, row, rounds);
	while (n)
		pci_dev_put(chosen[--n].pdev);
	return err;
}

/* Fire one message of each device in turn, with so many of them connected. */
int run_connected(const char *row, unsigned int messages, unsigned int rounds)
{
	const struct fire_options options = {
		.kind = "msix", .row = row, .dpcs = 1, .rounds = rounds,
	};
	struct pci_dev *pdev = NULL;
	int err = -ENODEV;

	set_message_limit(messages);
	while ((pdev = next_device(pdev))) {
		err = bind(pdev);
		if (err)
			break;
		err = run_fire(&options);
		device_release_driver(&pdev->dev);
		if (err)
			break;
	}
	pci_dev_put(pdev);
	return err;
}
