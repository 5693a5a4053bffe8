// SPDX-License-Identifier: GPL-2.0-only
/* NdisMConfigMSIXTableEntry(). */
#include "../src/msix_table.h"
#include "ndis_fixture.h"

static struct ndis_fixture *registered(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_messages(test, 3);

	fx->adapter.msix = minirq_msix_table_create(fx->irqs);
	KUNIT_ASSERT_NOT_NULL(test, fx->adapter.msix);
	KUNIT_ASSERT_EQ(test, ndis_fixture_register(fx), NDIS_STATUS_SUCCESS);
	return fx;
}

static NDIS_MSIX_CONFIG_PARAMETERS parameters(NDIS_MSIX_TABLE_OPERATION operation, ULONG entry,
					      ULONG message)
{
	return (NDIS_MSIX_CONFIG_PARAMETERS) {
		.Header.Type = NDIS_OBJECT_TYPE_DEFAULT,
		.Header.Revision = NDIS_MSIX_CONFIG_PARAMETERS_REVISION_1,
		.Header.Size = NDIS_SIZEOF_MSIX_CONFIG_PARAMETERS_REVISION_1,
		.ConfigOperation = operation,
		.TableEntry = entry,
		.MessageNumber = message,
	};
}

static NDIS_STATUS configure(struct ndis_fixture *fx, NDIS_MSIX_TABLE_OPERATION operation,
			     ULONG entry, ULONG message)
{
	NDIS_MSIX_CONFIG_PARAMETERS config = parameters(operation, entry, message);

	return NdisMConfigMSIXTableEntry(&fx->adapter, &config);
}

static NDIS_STATUS mask(struct ndis_fixture *fx, ULONG entry)
{
	return configure(fx, NdisMSIXTableConfigMaskTableEntry, entry, 0);
}

static NDIS_STATUS unmask(struct ndis_fixture *fx, ULONG entry)
{
	return configure(fx, NdisMSIXTableConfigUnmaskTableEntry, entry, 0);
}

static NDIS_STATUS set(struct ndis_fixture *fx, ULONG entry, ULONG message)
{
	return configure(fx, NdisMSIXTableConfigSetTableEntry, entry, message);
}

/* A217 */
static void ndis_msix_masks(struct kunit *test)
{
	struct ndis_fixture *fx = registered(test);

	KUNIT_EXPECT_EQ(test, mask(fx, 1), NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_TRUE(test, fake_irq_masked(fx->irqs, 1));
	fake_irq_fire(fx->irqs, 1);
	KUNIT_EXPECT_EQ(test, ndis_isrs(fx), 0);
}

/* A218 */
static void ndis_msix_unmasks(struct kunit *test)
{
	struct ndis_fixture *fx = registered(test);

	mask(fx, 1);
	KUNIT_EXPECT_EQ(test, unmask(fx, 1), NDIS_STATUS_SUCCESS);
	fake_irq_fire(fx->irqs, 1);
	KUNIT_EXPECT_EQ(test, ndis_isrs(fx), 1);
}

/* A219 */
static void ndis_msix_refuses_unknown_operations(struct kunit *test)
{
	struct ndis_fixture *fx = registered(test);

	KUNIT_EXPECT_EQ(test, configure(fx, NdisMSIXTableConfigMax, 0, 0),
			NDIS_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, configure(fx, -1, 0, 0), NDIS_STATUS_INVALID_PARAMETER);
}

/* A219 */
static void ndis_msix_refuses_bad_headers(struct kunit *test)
{
	struct ndis_fixture *fx = registered(test);
	NDIS_MSIX_CONFIG_PARAMETERS good = parameters(NdisMSIXTableConfigMaskTableEntry, 0, 0);
	NDIS_MSIX_CONFIG_PARAMETERS bad = good;

	bad.Header.Type = NDIS_OBJECT_TYPE_MINIPORT_INTERRUPT;
	KUNIT_EXPECT_EQ(test, NdisMConfigMSIXTableEntry(&fx->adapter, &bad),
			NDIS_STATUS_INVALID_PARAMETER);
	bad = good;
	bad.Header.Revision = 0;
	KUNIT_EXPECT_EQ(test, NdisMConfigMSIXTableEntry(&fx->adapter, &bad),
			NDIS_STATUS_INVALID_PARAMETER);
	bad = good;
	bad.Header.Size--;
	KUNIT_EXPECT_EQ(test, NdisMConfigMSIXTableEntry(&fx->adapter, &bad),
			NDIS_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, NdisMConfigMSIXTableEntry(&fx->adapter, NULL),
			NDIS_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, NdisMConfigMSIXTableEntry(NULL, &good),
			NDIS_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, NdisMConfigMSIXTableEntry(fx->irqs, &good),
			NDIS_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_FALSE(test, fake_irq_masked(fx->irqs, 0));
}

/* A220 */
static void ndis_msix_table_has_an_end(struct kunit *test)
{
	struct ndis_fixture *fx = registered(test);

	KUNIT_EXPECT_EQ(test, mask(fx, 3), NDIS_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, unmask(fx, 3), NDIS_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, set(fx, 3, 0), NDIS_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, set(fx, 0, 3), NDIS_STATUS_INVALID_PARAMETER);
}

/* A221 */
static void ndis_msix_mask_has_no_message(struct kunit *test)
{
	struct ndis_fixture *fx = registered(test);

	KUNIT_EXPECT_EQ(test, configure(fx, NdisMSIXTableConfigMaskTableEntry, 2, 0xdeadbeef),
			NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, configure(fx, NdisMSIXTableConfigUnmaskTableEntry, 2, ~0U),
			NDIS_STATUS_SUCCESS);
	fake_irq_fire(fx->irqs, 2);
	KUNIT_EXPECT_EQ(test, fx->isrs.call[0].id, 2);
}

/* A124 */
static void ndis_msix_redirects(struct kunit *test)
{
	struct ndis_fixture *fx = registered(test);

	KUNIT_EXPECT_EQ(test, set(fx, 1, 0), NDIS_STATUS_SUCCESS);
	fx->queue = TRUE;
	fake_irq_fire(fx->irqs, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&fx->dpcs.count));
	KUNIT_EXPECT_EQ(test, fx->isrs.call[0].id, 0);
	KUNIT_EXPECT_EQ(test, fx->dpcs.call[0].id, 0);
}

static void ndis_msix_exit(struct kunit *test)
{
	struct ndis_fixture *fx = test->priv;
	struct minirq_msix_table *msix = fx ? fx->adapter.msix : NULL;

	ndis_fixture_exit(test);
	minirq_msix_table_destroy(msix);
}

static struct kunit_case ndis_msix_cases[] = {
	KUNIT_CASE(ndis_msix_masks),
	KUNIT_CASE(ndis_msix_unmasks),
	KUNIT_CASE(ndis_msix_refuses_unknown_operations),
	KUNIT_CASE(ndis_msix_refuses_bad_headers),
	KUNIT_CASE(ndis_msix_table_has_an_end),
	KUNIT_CASE(ndis_msix_mask_has_no_message),
	KUNIT_CASE(ndis_msix_redirects),
	{}
};

static struct kunit_suite ndis_msix_suite = {
	.name = "minirq_ndis_msix",
	.init = ndis_fixture_init,
	.exit = ndis_msix_exit,
	.test_cases = ndis_msix_cases,
};

kunit_test_suite(ndis_msix_suite);
