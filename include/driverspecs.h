/* SPDX-License-Identifier: GPL-2.0-only */
/* Annotations of driver code: IRQL, roles, dispatch types. Empty, like those of sal.h. */
#ifndef _DRIVERSPECS_H
#define _DRIVERSPECS_H

#include <sal.h>

/* IRQL */
#define _IRQL_saves_
#define _IRQL_restores_
#define _IRQL_requires_same_
#define _IRQL_is_cancel_
#define _IRQL_uses_cancel_
#define _IRQL_(i)
#define _IRQL_raises_(i)
#define _IRQL_requires_(i)
#define _IRQL_requires_max_(i)
#define _IRQL_requires_min_(i)
#define _IRQL_always_function_min_(i)
#define _IRQL_always_function_max_(i)
#define _IRQL_saves_global_(k, p)
#define _IRQL_restores_global_(k, p)

/* Roles, memory, locks */
#define _Kernel_float_saved_
#define _Kernel_float_restored_
#define _Kernel_float_used_
#define _Kernel_IoGetDmaAdapter_
#define _Function_class_(c)
#define _Dispatch_type_(c)
#define _Kernel_clear_do_init_(c)
#define _Kernel_requires_resource_held_(c)
#define _Kernel_requires_resource_not_held_(c)
#define _Kernel_acquires_resource_(c)
#define _Kernel_releases_resource_(c)

/* The first generation of the same, again only for Windows sources */
#ifndef _LINUX_TYPES_H
#define __drv_aliasesMem
#define __drv_savesIRQL
#define __drv_restoresIRQL
#define __drv_sameIRQL
#define __drv_isCancelIRQL
#define __drv_useCancelIRQL
#define __drv_interlocked
#define __drv_neverHoldCriticalRegion
#define __drv_inTry
#define __drv_notInTry
#define __drv_notPointer
#define __drv_isObjectPointer
#define __drv_constant
#define __drv_nonConstant
#define __drv_mustHoldCriticalRegion
#define __drv_floatUsed
#define __drv_floatSaved
#define __drv_floatRestored
#define __drv_acquiresCancelSpinLock
#define __drv_releasesCancelSpinLock
#define __drv_mustHoldCancelSpinLock
#define __drv_neverHoldCancelSpinLock
#define __drv_holdsCancelSpinLock
#define __drv_maxIRQL(i)
#define __drv_minIRQL(i)
#define __drv_requiresIRQL(i)
#define __drv_raisesIRQL(i)
#define __drv_setsIRQL(i)
#define __drv_functionClass(i)
#define __drv_allocatesMem(i)
#define __drv_freesMem(i)
#define __drv_dispatchType(i)
#define __drv_clearDoInit(i)
#define __drv_reportError(i)
#define __drv_in(i)
#define __drv_out(i)
#define __drv_inout(i)
#define __drv_in_deref(i)
#define __drv_out_deref(i)
#define __drv_ret(i)
#define __drv_fun(i)
#define __drv_mustHold(i)
#define __drv_neverHold(i)
#define __drv_acquiresResource(i)
#define __drv_releasesResource(i)
#define __drv_mustHoldGlobal(i)
#define __drv_unit(i)
#define __drv_group(i)
#define __drv_formatString(i)
#define __drv_acquiresExclusiveResource(i)
#define __drv_releasesExclusiveResource(i)
#define __drv_maxFunctionIRQL(i)
#define __drv_minFunctionIRQL(i)
#define __drv_valueIs(i)
#define __drv_when(a, b)
#define __drv_at(a, b)
#define __drv_arg(a, b)
#define __drv_preferredFunction(a, b)
#define __drv_strictType(a, b)
#define __drv_strictTypeMatch(m)
#define __drv_savesIRQLGlobal(a, b)
#define __drv_restoresIRQLGlobal(a, b)
#define __drv_acquiresExclusiveResourceGlobal(a, b)
#define __drv_releasesExclusiveResourceGlobal(a, b)
#endif

#endif
