// SPDX-License-Identifier: GPL-2.0-only
/*
 * The benchmark's core: runs rounds on every side in turn, and reports what
 * they took.
 *
 * A row is asked for by writing to debugfs, and read from there:
 *
 *	echo "irq msi a.msi 1 1000" >/sys/kernel/debug/minirq_bench/run
 *	cat /sys/kernel/debug/minirq_bench/run
 *
 * What can be asked for:
 *
 *	irq KIND ROW DPCS ROUNDS	fire devices whose ISRs queue DPCS each;
 *					KIND is line, msi, msix or any
 *	queued KIND ROW COUNT ROUNDS	the same, with COUNT other DPCs waiting
 *	op ROW ROUNDS			operations whose names begin with ROW
 *	bind ROW MESSAGES ROUNDS	bind and unbind devices
 *	connected ROW MESSAGES ROUNDS	fire devices with MESSAGES connected
 */
#include "bench.h"
#include "core.h"

#include <linux/bottom_half.h>
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/export.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/uaccess.h>

/* Rounds thrown away first: caches, branch histories, lazily made mappings. */
#define WARM_UP		32
#define ROUNDS_MAX	1000000
#define SERIES_MAX	64
#define DEVICES_MAX	(SERIES_MAX / 3)
#define LIMITS_MAX	8

/* Microseconds; also the rest that e1000e's interrupt throttle insists on. */
static unsigned int pause = 150;
module_param(pause, uint, 0644);

/*
 * Real devices take their time, and the code that wrote the doorbell would go
 * on before the interrupt arrives. With this it waits for the DPC.
 */
static bool spin;
module_param(spin, bool, 0644);

struct bench_stamps bench_stamps;
EXPORT_SYMBOL_GPL(bench_stamps);

static LIST_HEAD(devices);
static LIST_HEAD(ops);
/* of the devices; of the rest, and of who runs rounds */
static DEFINE_RAW_SPINLOCK(devices_lock);
static DEFINE_MUTEX(lock);

static unsigned int *limits[LIMITS_MAX];

/* One row of one side. */
struct series {
	char row[48];
	const char *side;
	unsigned int count;
	unsigned int late;
	u32 *values;
};

static struct series results[SERIES_MAX];
static unsigned int result_count;

static struct dentry *root;

/**
 * bench_start() - a device may be fired
 * @dev:	from bench_attach(), its interrupts enabled
 */
void bench_start(struct bench_device *dev)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&devices_lock, flags);
	list_add_tail(&dev->list, &devices);
	raw_spin_unlock_irqrestore(&devices_lock, flags);
}
EXPORT_SYMBOL_GPL(bench_start);

/* A device may not be fired any more. Some drivers only know it at DIRQL. */
void bench_stop(struct bench_device *dev)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&devices_lock, flags);
	WRITE_ONCE(dev->stopped, true);
	list_del_init(&dev->list);
	raw_spin_unlock_irqrestore(&devices_lock, flags);
}
EXPORT_SYMBOL_GPL(bench_stop);

void bench_add_ops(struct bench_op *list, unsigned int count)
{
	mutex_lock(&lock);
	while (count--)
		list_add_tail(&list++->list, &ops);
	mutex_unlock(&lock);
}
EXPORT_SYMBOL_GPL(bench_add_ops);

void bench_remove_ops(struct bench_op *list, unsigned int count)
{
	mutex_lock(&lock);
	while (count--)
		list_del(&list++->list);
	mutex_unlock(&lock);
}
EXPORT_SYMBOL_GPL(bench_remove_ops);

/* A driver's limit on messages, for the rows that vary it. */
void bench_add_limit(unsigned int *limit)
{
	unsigned int i;

	for (i = 0; i < LIMITS_MAX && limits[i]; i++)
		;
	if (i < LIMITS_MAX)
		limits[i] = limit;
}
EXPORT_SYMBOL_GPL(bench_add_limit);

void set_message_limit(unsigned int messages)
{
	unsigned int i;

	for (i = 0; i < LIMITS_MAX && limits[i]; i++)
		WRITE_ONCE(*limits[i], messages);
}

static void forget(void)
{
	while (result_count)
		kvfree(results[--result_count].values);
}

struct series *series_create(const char *side, unsigned int rounds, const char *row,
			     const char *part)
{
	struct series *s = &results[result_count];

	if (result_count == SERIES_MAX || !rounds || rounds > ROUNDS_MAX)
		return NULL;
	*s = (struct series){ .side = side };
	s->values = kvcalloc(rounds, sizeof(*s->values), GFP_KERNEL);
	if (!s->values)
		return NULL;
	scnprintf(s->row, sizeof(s->row), "%s%s", row, part);
	result_count++;
	return s;
}

void series_record(struct series *s, u64 value)
{
	s->values[s->count++] = value;
}

/* What each round of an interrupt is made of. */
enum { ISR, ISR_TO_DPC, WHOLE, PARTS };

static const char * const parts[PARTS] = {
	[ISR] = ".isr",
	[ISR_TO_DPC] = ".dpc",
	[WHOLE] = ".whole",
};

static bool all_ran(const struct bench_device *dev)
{
	return READ_ONCE(bench_stamps.dpcs) >= dev->dpcs;
}

static void wait_for_dpcs(const struct bench_device *dev)
{
	unsigned int patience = 100000;

	while (!all_ran(dev) && --patience)
		cpu_relax();
}

/*
 * One interrupt. Preemption is off, so nothing but interrupts and what follows
 * them runs between the first stamp and the last. With other DPCs waiting,
 * none of them runs before the last stamp. "tools/bench path" stops here.
 */
static noinline bool fire(struct bench_device *dev, unsigned int queued)
{
	bool late, wait = spin && !queued;
	unsigned int patience = 1000;

	memset(&bench_stamps, 0, sizeof(bench_stamps));
	preempt_disable();
	if (queued) {
		local_bh_disable();
		dev->queue_others(dev->context, queued);
	}
	bench_stamps.doorbell = bench_now();
	writel(dev->doorbell_value, dev->doorbell);
	if (wait)
		wait_for_dpcs(dev);
	bench_stamps.done = bench_now();
	if (queued)
		local_bh_enable();
	late = !all_ran(dev);
	preempt_enable();
	while (!all_ran(dev) && patience--)
		usleep_range(50, 100);
	return !late;
}

/* Without @s nothing is recorded. */
static void round_of(struct bench_device *dev, unsigned int queued, struct series *s)
{
	const struct bench_stamps *t = &bench_stamps;

	bool in_time;

	if (READ_ONCE(dev->stopped))
		return;
	in_time = fire(dev, queued);
	if (!s)
		return;
	if (!in_time) {
		s->late++;
		return;
	}
	series_record(&s[ISR], t->isr - t->doorbell);
	series_record(&s[ISR_TO_DPC], t->dpc - t->isr_end);
	series_record(&s[WHOLE], t->done - t->doorbell);
}

static struct series *prepare(struct bench_device *dev, const char *row, unsigned int rounds)
{
	struct series *first = NULL, *s;
	unsigned int i;

	for (i = 0; i < PARTS; i++) {
		s = series_create(dev->side, rounds, row, parts[i]);
		if (!s)
			return NULL;
		first = first ?: s;
	}
	return first;
}

/*
 * Between rounds: the work that interrupts leave behind gets done, so that
 * every round begins alike. Without a pause the kernel's entropy pool, which
 * asks for attention every 1024 interrupts, would get it only a tick later,
 * and a share of the rounds would be a few instructions shorter.
 */
static void rest(void)
{
	if (pause)
		usleep_range(pause, pause + 10);
	cond_resched();
}

static bool meant(const struct bench_device *dev, const struct fire_options *options)
{
	return !strcmp(options->kind, "any") || !strcmp(options->kind, dev->kind);
}

/* The devices that are meant, and how many; they stay until reap_devices(). */
static unsigned int choose(const struct fire_options *options,
			   struct bench_device *chosen[DEVICES_MAX])
{
	struct bench_device *dev;
	unsigned long flags;
	unsigned int n = 0;

	raw_spin_lock_irqsave(&devices_lock, flags);
	list_for_each_entry(dev, &devices, list)
		if (meant(dev, options) && n < DEVICES_MAX)
			chosen[n++] = dev;
	raw_spin_unlock_irqrestore(&devices_lock, flags);
	return n;
}

/* Fire every device of a kind in turn. */
int run_fire(const struct fire_options *options)
{
	struct bench_device *chosen[DEVICES_MAX];
	struct series *s[DEVICES_MAX];
	unsigned int n, d, i;

	if (!options->dpcs || options->dpcs > BENCH_DPCS || options->queued > BENCH_DPCS)
		return -EINVAL;
	n = choose(options, chosen);
	for (d = 0; d < n; d++) {
		if (!find_doorbell(chosen[d]))
			return -EOPNOTSUPP;
		chosen[d]->dpcs = options->dpcs;
		s[d] = prepare(chosen[d], options->row, options->rounds);
		if (!s[d])
			return -ENOMEM;
	}
	for (i = 0; i < WARM_UP + options->rounds; i++) {
		rest();
		for (d = 0; d < n; d++)
			round_of(chosen[d], options->queued, i < WARM_UP ? NULL : s[d]);
	}
	return n ? 0 : -ENODEV;
}

BENCH_OP(empty_round, BENCH_NOTHING, barrier(), BENCH_NOTHING)

static struct bench_op empty = { .row = "empty", .side = "native", .round = empty_round };

/* Two instructions, a thousand times. */
static __always_inline void count_down(void)
{
	unsigned long n = 1000;

	asm volatile("1: dec %0\n\tjnz 1b" : "+r" (n));
}

BENCH_OP(loop_round, BENCH_NOTHING, count_down(), BENCH_NOTHING)

static struct bench_op loop = { .row = "loop", .side = "native", .round = loop_round };

static bool op_meant(const struct bench_op *op, const char *row)
{
	return !strncmp(op->row, row, strlen(row)) && (!op->needs || *op->needs);
}

/* Every operation whose name begins with @row, each side of it in turn. */
static int run_ops(const char *row, unsigned int rounds)
{
	struct series *s[SERIES_MAX];
	struct bench_op *op;
	unsigned int i, n = 0;

	list_for_each_entry(op, &ops, list) {
		if (!op_meant(op, row))
			continue;
		s[n] = series_create(op->side, rounds, op->row, "");
		if (!s[n++])
			return -ENOMEM;
	}
	for (i = 0; i < WARM_UP + rounds; i++) {
		rest();
		n = 0;
		list_for_each_entry(op, &ops, list) {
			u64 value;

			if (!op_meant(op, row))
				continue;
			op->round(&value);
			if (i >= WARM_UP)
				series_record(s[n], value);
			n++;
		}
	}
	return n ? 0 : -ENODEV;
}

static int compare(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return x < y ? -1 : x > y;
}

/* The values are sorted: how many there are, and how many equal the median. */
static unsigned int distinct(const struct series *s, u32 median, unsigned int *same)
{
	unsigned int i, count = 0;

	*same = 0;
	for (i = 0; i < s->count; i++) {
		count += !i || s->values[i] != s->values[i - 1];
		*same += s->values[i] == median;
	}
	return count;
}

static u32 percentile(const struct series *s, unsigned int percent)
{
	return s->values[(s->count - 1) * percent / 100];
}

static void show_one(struct seq_file *m, struct series *s)
{
	unsigned int same, kinds;

	seq_printf(m, "bench %s %s rounds=%u late=%u", s->row, s->side, s->count, s->late);
	if (s->count) {
		sort(s->values, s->count, sizeof(*s->values), compare, NULL);
		kinds = distinct(s, percentile(s, 50), &same);
		seq_printf(m, " median=%u min=%u max=%u p90=%u p99=%u distinct=%u same=%u",
			   percentile(s, 50), percentile(s, 0), percentile(s, 100),
			   percentile(s, 90), percentile(s, 99), kinds, same);
	}
	seq_putc(m, '\n');
}

static int run_show(struct seq_file *m, void *unused)
{
	unsigned int i;

	mutex_lock(&lock);
	for (i = 0; i < result_count; i++)
		show_one(m, &results[i]);
	mutex_unlock(&lock);
	return 0;
}

static int run_open(struct inode *inode, struct file *file)
{
	return single_open(file, run_show, NULL);
}

static int parse(const char *line)
{
	char kind[16], row[32];
	struct fire_options options = { .kind = kind, .row = row, .dpcs = 1 };
	unsigned int count, rounds;

	if (sscanf(line, "irq %15s %31s %u %u", kind, row, &options.dpcs, &options.rounds) == 4)
		return run_fire(&options);
	if (sscanf(line, "queued %15s %31s %u %u", kind, row, &options.queued,
		   &options.rounds) == 4)
		return run_fire(&options);
	if (sscanf(line, "bind %31s %u %u", row, &count, &rounds) == 3)
		return run_bind(row, count, rounds);
	if (sscanf(line, "connected %31s %u %u", row, &count, &rounds) == 3)
		return run_connected(row, count, rounds);
	if (sscanf(line, "op %31s %u", row, &rounds) == 2)
		return run_ops(row, rounds);
	return -EINVAL;
}

static int run(const char *line)
{
	int err;

	mutex_lock(&lock);
	forget();
	reap_devices();
	err = parse(line);
	mutex_unlock(&lock);
	return err;
}

static ssize_t run_write(struct file *file, const char __user *from, size_t size, loff_t *pos)
{
	char *line = memdup_user_nul(from, min_t(size_t, size, 256));
	int err;

	if (IS_ERR(line))
		return PTR_ERR(line);
	err = run(line);
	kfree(line);
	return err ?: size;
}

static const struct file_operations run_fops = {
	.owner = THIS_MODULE,
	.open = run_open,
	.read = seq_read,
	.write = run_write,
	.llseek = seq_lseek,
	.release = single_release,
};

static int __init core_init(void)
{
	int err = memory_init();

	if (err) {
		memory_exit();
		return err;
	}
	root = debugfs_create_dir("minirq_bench", NULL);
	debugfs_create_file("run", 0600, root, NULL, &run_fops);
	bench_add_ops(&empty, 1);
	bench_add_ops(&loop, 1);
	return 0;
}
module_init(core_init);

static void __exit core_exit(void)
{
	debugfs_remove(root);
	memory_exit();
	reap_devices();
	forget();
}
module_exit(core_exit);

MODULE_DESCRIPTION("minirq benchmark: the core");
MODULE_LICENSE("GPL");
