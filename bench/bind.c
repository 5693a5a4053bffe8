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

static int count_bytes(struct pci_dev *pdev, struct series *s)
{
	int err;

	memory_count();
	err = bind(pdev);
	series_record(s, max_t(s64, memory_counted(), 0));
	if (!err)
		device_release_driver(&pdev->dev);
	return err;
}

static int bind_round(struct pci_dev *pdev, struct series *s[PARTS])
{
	u64 start = bench_now();
	int err = bind(pdev);

	if (err)
		return err;
	series_record(s[BIND], bench_now() - start);
	series_record(s[REGISTER], bench_times.registered);
	start = bench_now();
	device_release_driver(&pdev->dev);
	series_record(s[UNBIND], bench_now() - start);
	return 0;
}

/* Once without looking: it warms up, and tells whose device it is. */
static int prepare(struct pci_dev *pdev, const char *row, unsigned int rounds,
		   struct series *s[PARTS])
{
	int err = bind(pdev);
	unsigned int i;

	if (err)
		return err;
	for (i = 0; i < PARTS; i++) {
		s[i] = series_create(side_of(pdev), rounds, row, parts[i]);
		if (!s[i])
			err = -ENOMEM;
	}
	device_release_driver(&pdev->dev);
	return err;
}

/* What the last round left for later, as the interrupt descriptors it freed. */
static void settle(void)
{
	reap_devices();
	rcu_barrier();
	cond_resched();
}

static int bind_device(struct pci_dev *pdev, const char *row, unsigned int rounds)
{
	struct series *s[PARTS];
	int err = prepare(pdev, row, rounds, s);

	if (!err)
		err = count_bytes(pdev, s[BYTES]);
	while (!err && rounds--) {
		settle();
		err = bind_round(pdev, s);
	}
	return err;
}

static struct pci_dev *next_device(struct pci_dev *pdev)
{
	do
		pdev = pci_get_class(PCI_CLASS_STORAGE_EXPRESS, pdev);
	while (pdev && pdev->dev.driver);
	return pdev;
}

/* Bind and unbind each device in turn, with so many messages. */
int run_bind(const char *row, unsigned int messages, unsigned int rounds)
{
	struct pci_dev *pdev = NULL;
	int err = -ENODEV;

	set_message_limit(messages);
	while ((pdev = next_device(pdev))) {
		err = bind_device(pdev, row, rounds);
		if (err)
			break;
	}
	pci_dev_put(pdev);
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
