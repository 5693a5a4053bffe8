// SPDX-License-Identifier: GPL-2.0-only
/*
 * The observable state, below /sys/kernel/debug/minirq:
 *
 *	interrupts	a line for each message: where it goes, what it counted
 *	enabled		a line for each message of a driver that has handlers to
 *			disable it; write "DEVICE ID 0" to have one called, 1 for
 *			its counterpart, without ID for every message
 *	throttle	a line for each NDIS adapter: its budget, how often its
 *			DPC handlers left packets behind, and how often against
 *			the rule
 *	violations	a line for each rule that was broken, how often
 *	verify		write 1 to switch the costly checks on, 0 for off
 *	before_vista	write 1 to try what drivers do when IoConnectInterruptEx
 *			can do nothing but CONNECT_FULLY_SPECIFIED
 */
#include "debugfs.h"

#include <linux/debugfs.h>
#include <linux/irq.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "interrupt.h"
#include "interrupt_lock.h"
#include "message.h"
#include "ndis_handle.h"
#include "ndis_throttle.h"
#include "verifier.h"

static struct dentry *root;

/*
 * On x86 the low byte of the data is the vector, unless the address says that
 * an interrupt remapping table is in between.
 */
static void show_vector(struct seq_file *m,
			const IO_INTERRUPT_MESSAGE_INFO_ENTRY *entry)
{
	u64 address = entry->MessageAddress.QuadPart;

	if (IS_ENABLED(CONFIG_X86) && address >> 20 == 0xfee &&
	    !(address & BIT(4)))
		seq_printf(m, " %6u", entry->MessageData & 0xff);
	else
		seq_printf(m, " %6s", "-");
}

static void show_target(struct seq_file *m, const struct _KINTERRUPT *ki)
{
	const struct cpumask *cpus = irq_get_effective_affinity_mask(ki->irq);
	IO_INTERRUPT_MESSAGE_INFO_ENTRY entry;

	if (minirq_message_read(ki->irq, &entry)) {
		show_vector(m, &entry);
		seq_printf(m, " %016llx %08x",
			   (u64)entry.MessageAddress.QuadPart,
			   entry.MessageData);
	} else {
		seq_printf(m, " %6s %16s %8s", "-", "-", "-");
	}
	seq_printf(m, " %*pbl", cpumask_pr_args(cpus ?: cpu_online_mask));
}

static void show_interrupt(struct minirq_interrupt *intr, void *arg)
{
	struct seq_file *m = arg;
	unsigned int id;

	for (id = 0; id < intr->count; id++) {
		const struct _KINTERRUPT *ki = &intr->each[id];

		seq_printf(m, "%-32s %-4s %4u %5u", intr->name,
			   intr->message ? "msg" : "line", ki->id, ki->irq);
		show_target(m, ki);
		seq_printf(m, " %9u %9u %9llu\n", READ_ONCE(ki->claimed),
			   READ_ONCE(ki->unclaimed),
			   minirq_interrupt_dpcs(intr, id));
	}
}

static int interrupts_show(struct seq_file *m, void *unused)
{
	seq_printf(m, "%-32s %-4s %4s %5s %6s %16s %8s %s %9s %9s %9s\n",
		   "# device", "kind", "id", "irq", "vector", "address", "data",
		   "cpus", "claimed", "unclaimed", "dpcs");
	minirq_interrupt_for_each(show_interrupt, m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(interrupts);

static void show_enabled(struct minirq_interrupt *intr, void *m)
{
	unsigned int id;

	for (id = 0; intr->set_enabled && id < intr->count; id++)
		seq_printf(m, "%-32s %4u %u\n", intr->name, intr->each[id].id,
			   !READ_ONCE(intr->each[id].disabled));
}

static int enabled_show(struct seq_file *m, void *unused)
{
	minirq_interrupt_for_each(show_enabled, m);
	return 0;
}

static int enabled_open(struct inode *inode, struct file *file)
{
	return single_open(file, enabled_show, NULL);
}

/**
 * struct enable_request - what was written to "enabled"
 * @device:	name of an interrupt
 * @every:	for every message of it
 * @id:		otherwise for this one
 * @enabled:	enable, or disable
 * @err:	what to answer
 */
struct enable_request {
	char device[64];
	bool every;
	unsigned int id;
	bool enabled;
	int err;
};

static void enable_one(struct _KINTERRUPT *ki, struct enable_request *request)
{
	if (!minirq_interrupt_set_enabled(ki, request->enabled)) {
		request->err = -EOPNOTSUPP;
		return;
	}
	WRITE_ONCE(ki->disabled, !request->enabled);
	request->err = 0;
}

static void enable_matching(struct minirq_interrupt *intr, void *arg)
{
	struct enable_request *request = arg;
	unsigned int id;

	if (strcmp(intr->name, request->device))
		return;
	for (id = 0; id < intr->count; id++)
		if (request->every || intr->each[id].id == request->id)
			enable_one(&intr->each[id], request);
}

static bool parse_request(const char *text, struct enable_request *request)
{
	unsigned int first, second;
	int words = sscanf(text, "%63s %u %u", request->device, &first,
			   &second);

	request->every = words == 2;
	request->id = first;
	request->enabled = words == 2 ? first : second;
	return words >= 2;
}

/* No interrupt goes away while its handlers are called. */
static ssize_t enabled_write(struct file *file, const char __user *data,
			     size_t size, loff_t *pos)
{
	struct enable_request request = { .err = -ENODEV };
	char text[96] = "";

	if (size >= sizeof(text) || copy_from_user(text, data, size))
		return -EINVAL;
	if (!parse_request(text, &request))
		return -EINVAL;
	minirq_interrupt_for_each(enable_matching, &request);
	return request.err ?: size;
}

static const struct file_operations enabled_fops = {
	.owner = THIS_MODULE,
	.open = enabled_open,
	.read = seq_read,
	.write = enabled_write,
	.llseek = seq_lseek,
	.release = single_release,
};

static void show_throttle(struct minirq_ndis_adapter *adapter, void *arg)
{
	struct seq_file *m = arg;

	seq_printf(m, "%-32s ", adapter->name);
	if (adapter->budget == NDIS_INDICATE_ALL_NBLS)
		seq_puts(m, "   all");
	else
		seq_printf(m, "%6u", adapter->budget);
	seq_printf(m, " %9u %9u\n", atomic_read(&adapter->recalls),
		   atomic_read(&adapter->unlimited));
}

static int throttle_show(struct seq_file *m, void *unused)
{
	seq_printf(m, "%-32s %6s %9s %9s\n", "# device", "budget", "recalls",
		   "unlimited");
	minirq_ndis_throttle_for_each(show_throttle, m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(throttle);

static int violations_show(struct seq_file *m, void *unused)
{
	unsigned int rule;

	for (rule = 0; rule < MINIRQ_RULE_COUNT; rule++)
		if (minirq_verifier_count(rule))
			seq_printf(m, "%-32s %u\n",
				   minirq_verifier_rule_name(rule),
				   minirq_verifier_count(rule));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(violations);

static int verify_get(void *unused, u64 *value)
{
	*value = minirq_verifying();
	return 0;
}

static int verify_set(void *unused, u64 value)
{
	minirq_verifier_enable(value);
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(verify_fops, verify_get, verify_set, "%llu\n");

/* Nothing depends on these files, so nothing fails when they cannot be made. */
void minirq_debugfs_start(void)
{
	root = debugfs_create_dir("minirq", NULL);
	debugfs_create_file("interrupts", 0444, root, NULL, &interrupts_fops);
	debugfs_create_file("enabled", 0644, root, NULL, &enabled_fops);
	debugfs_create_file("throttle", 0444, root, NULL, &throttle_fops);
	debugfs_create_file("violations", 0444, root, NULL, &violations_fops);
	debugfs_create_file_unsafe("verify", 0644, root, NULL, &verify_fops);
	debugfs_create_bool("before_vista", 0644, root,
			    &minirq_verifier_before_vista);
}

void minirq_debugfs_stop(void)
{
	debugfs_remove_recursive(root);
}
