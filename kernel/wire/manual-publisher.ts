import { XPublisher } from "zeromq";

const ZMQ_SUBSCRIBE = 6;
const ZMQ_UNSUBSCRIBE = 7;

/**
 * Publishes to a subscriber from the moment that its subscription is accepted: what is sent then is the first that it
 * gets. Each subscription is told, also one that another client has already.
 * https://libzmq.readthedocs.io/en/latest/zmq_setsockopt.html (ZMQ_XPUB_MANUAL)
 */
export class ManualPublisher extends XPublisher {
  constructor(options: ConstructorParameters<typeof XPublisher>[0]) {
    super(options);
    this.manual = true;
  }

  /** Of the subscription just received: to be called before anything else is done with the socket. */
  accept(topic: Buffer): void {
    this.setStringOption(ZMQ_SUBSCRIBE, topic);
  }

  /** The same, for the end of one. */
  release(topic: Buffer): void {
    this.setStringOption(ZMQ_UNSUBSCRIBE, topic);
  }
}
