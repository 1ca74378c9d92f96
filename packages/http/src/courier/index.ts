export { createCourier, type CourierOptions } from './create-courier.ts'
